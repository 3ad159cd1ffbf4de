// @ts-check

/** The shop's users, which a real app would read from its database. */
export const users = [
  { identifier: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' },
  { identifier: 'user-2', name: 'Grace Hopper', email: 'grace@example.com' },
  { identifier: 'user-3', name: "O'Brien </script>", email: 'obrien@example.com' },
];
