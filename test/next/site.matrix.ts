import { siteTests } from './site.js';

siteTests({ bundler: 'turbopack', mode: 'default' });
siteTests({ bundler: 'turbopack', mode: 'cacheComponents' });
siteTests({ bundler: 'webpack', mode: 'default' });
siteTests({ bundler: 'webpack', mode: 'cacheComponents' });
