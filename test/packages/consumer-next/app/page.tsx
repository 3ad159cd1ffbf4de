import { Chatwoot } from '../lib/chatwoot';

export default function Page() {
  return (
    <main>
      <h1>Welcome</h1>
      <Chatwoot identityUrl="/chatwoot/identity" />
    </main>
  );
}
