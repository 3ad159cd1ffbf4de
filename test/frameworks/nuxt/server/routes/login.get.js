export default defineEventHandler(async (event) => {
  const session = await userSession(event);
  await session.update({ user: String(getQuery(event).user) });
  return sendRedirect(event, '/');
});
