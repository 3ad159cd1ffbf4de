/**
 * The signed-in user of most tests. Her name contains characters that could end an HTML element or a script.
 */
export const ADA = {
  identifier: 'user-1',
  name: "Ada O'Brien </script><script>alert(1)</script>",
  email: 'ada@example.com',
};
