// @ts-check
// Runs all benchmarks one after the other. Usage: `npm run bench [-- --quick]`
await import('./signing.js');
await import('./endpoint.js');
await import('./injection.js');
await import('./growth.js');
await import('./streaming.js');
