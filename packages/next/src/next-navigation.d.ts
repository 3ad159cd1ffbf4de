/**
 * Imported without `.js`: Turbopack replaces `next/navigation` with a version for the server, and `next/navigation.js`
 * breaks the build of a route handler. Without `.js`, TypeScript finds no types, because `next` has no exports map.
 */
declare module 'next/navigation' {
  export function unstable_rethrow(error: unknown): void;
}
