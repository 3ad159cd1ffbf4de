import { Shop } from '@/components/shop';

/**
 * Renders a static page, which is the same file for every visitor. The chat requests the identity from the
 * endpoint.
 */
export default function Page() {
  return (
    <Shop
      baseUrl={process.env.CHATWOOT_BASE_URL ?? ''}
      websiteToken={process.env.CHATWOOT_WEBSITE_TOKEN ?? ''}
    />
  );
}
