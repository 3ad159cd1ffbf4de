/** The signed-in user. Her name tries to break out of HTML and scripts. */
export const ADA = {
  identifier: 'user-1',
  name: "Ada O'Brien </script><script>alert(1)</script>",
  email: 'ada@example.com',
};
