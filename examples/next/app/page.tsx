import { Shop } from '@/components/shop';

/** A static page: the same file for everybody. Its chat fetches who is signed in. */
export default function Page() {
  return (
    <Shop
      baseUrl={process.env.CHATWOOT_BASE_URL ?? ''}
      websiteToken={process.env.CHATWOOT_WEBSITE_TOKEN ?? ''}
    />
  );
}
