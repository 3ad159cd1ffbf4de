export const userSession = (event) =>
  useSession(event, { password: process.env.SESSION_SECRET, cookie: { secure: false } });
