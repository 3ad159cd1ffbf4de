import { createCookieSessionStorage } from 'react-router';
export const { getSession, commitSession, destroySession } = createCookieSessionStorage({
  cookie: { name: 'session', secrets: [process.env.SESSION_SECRET ?? 'x'], httpOnly: true, sameSite: 'lax' },
});
