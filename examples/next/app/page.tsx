import { Shop } from '@/components/shop';

/** A static page: the same file for every visitor. Its chat fetches the identity. */
export default function Page() {
  return (
    <Shop
      baseUrl={process.env.CHATWOOT_BASE_URL ?? ''}
      websiteToken={process.env.CHATWOOT_WEBSITE_TOKEN ?? ''}
    />
  );
}
