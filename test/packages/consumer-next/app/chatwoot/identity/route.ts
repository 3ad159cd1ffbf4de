export { GET } from '../../../lib/chatwoot';
