// @ts-check
// All benchmarks, one after the other. `npm run bench [-- --quick]`
await import('./signing.js');
await import('./endpoint.js');
await import('./injection.js');
await import('./growth.js');
await import('./streaming.js');
