/** This file is compiled without `global.ts`, so the globals of Chatwoot's SDK have no types. */
import { status } from '@chatwoot-identity/browser';

if (status() === 'connected') window.$chatwoot?.setLabel('vip');
