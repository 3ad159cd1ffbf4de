/** The signed-in user. Her name is hostile to HTML and to scripts. */
export const ADA = {
  identifier: 'user-1',
  name: "Ada O'Brien </script><script>alert(1)</script>",
  email: 'ada@example.com',
};
