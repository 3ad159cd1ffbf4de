import { leakTests } from './leak.js';

leakTests({ bundler: 'turbopack', mode: 'default' });
leakTests({ bundler: 'turbopack', mode: 'cacheComponents' });
