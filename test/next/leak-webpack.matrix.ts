import { leakTests } from './leak.js';

leakTests({ bundler: 'webpack', mode: 'default' });
leakTests({ bundler: 'webpack', mode: 'cacheComponents' });
