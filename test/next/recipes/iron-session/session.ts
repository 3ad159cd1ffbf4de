import type { SessionOptions } from 'iron-session';

export interface Session {
  user?: { id: string; name: string; email: string };
}

export const sessionOptions = (): SessionOptions => ({
  cookieName: 'iron',
  password: process.env.SESSION_SECRET!,
});
