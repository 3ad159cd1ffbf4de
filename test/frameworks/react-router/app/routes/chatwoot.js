/** React Router calls middleware only for routes that exist. The middleware responds. */
export function loader() {
  throw new Response(null, { status: 404 });
}
