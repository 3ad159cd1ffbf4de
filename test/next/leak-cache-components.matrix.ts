import { leakTests } from './leak.js';

leakTests({ bundler: 'turbopack', mode: 'cacheComponents' });
leakTests({ bundler: 'webpack', mode: 'cacheComponents' });
