// @ts-check

/** A stand-in for the app's database. */
export const users = [
  { identifier: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' },
  { identifier: 'user-2', name: 'Grace Hopper', email: 'grace@example.com' },
  { identifier: 'user-3', name: "O'Brien </script>", email: 'obrien@example.com' },
];
