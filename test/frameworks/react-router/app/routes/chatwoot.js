/** React Router calls middleware only for existing routes. The middleware responds before this loader runs. */
export function loader() {
  throw new Response(null, { status: 404 });
}
