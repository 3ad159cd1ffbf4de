import { leakTests } from './leak.js';

leakTests({ bundler: 'turbopack', mode: 'default' });
