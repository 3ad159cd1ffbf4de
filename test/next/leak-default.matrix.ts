import { leakTests } from './leak.js';

// next-15.matrix.ts does the same with webpack.
leakTests({ bundler: 'turbopack', mode: 'default' });
