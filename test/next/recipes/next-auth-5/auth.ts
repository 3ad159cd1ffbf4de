import NextAuth from 'next-auth';

export const { auth } = NextAuth({
  trustHost: true,
  providers: [],
  callbacks: {
    session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.sub! } }),
  },
});
