export interface User {
  id: string;
  name: string;
  email: string;
}

export const ada: User = { id: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' };
export const bob: User = { id: 'user-2', name: "Bob O'Brien", email: 'bob@example.com' };

export const password = 'correct horse battery staple';

/** Returns the user with the e-mail address and password in a login form. */
export function findUser(form: { email?: unknown; password?: unknown } | undefined): User | undefined {
  return [ada, bob].find((user) => user.email === form?.email && form.password === password);
}
