/** Compiled without `global.ts`: the globals of Chatwoot's SDK then have no types. */
import { status } from '@chatwoot-identity/browser';

if (status() === 'connected') window.$chatwoot?.setLabel('vip');
