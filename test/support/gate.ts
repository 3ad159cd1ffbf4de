/** Returns a promise with the function that resolves it. `Promise.withResolvers` requires Node 22. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/**
 * Returns two promises. `opened` resolves when `release` is called, and `arrived` resolves when `arrive` is
 * called.
 */
export function gate() {
  const opening = deferred();
  const arrival = deferred();
  return {
    arrive: arrival.resolve,
    arrived: arrival.promise,
    release: opening.resolve,
    opened: opening.promise,
  };
}
