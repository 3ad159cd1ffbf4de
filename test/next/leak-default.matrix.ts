import { leakTests } from './leak.js';

// next-15.matrix.ts runs the same tests with webpack.
leakTests({ bundler: 'turbopack', mode: 'default' });
