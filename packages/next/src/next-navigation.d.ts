/**
 * Declares the types of `next/navigation`, which must be imported without `.js`. Turbopack replaces `next/navigation`
 * with a version for the server; an import of `next/navigation.js` would break the build of a route handler.
 * TypeScript finds no types for an import without `.js`, because `next` has no exports map.
 */
declare module 'next/navigation' {
  export function unstable_rethrow(error: unknown): void;
}
