export { handler as default } from '../../../lib/chatwoot-pages';
