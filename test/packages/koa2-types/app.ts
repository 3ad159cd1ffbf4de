import { type ChatwootIdentityOptions, chatwootIdentity, chatwootLogout } from '@chatwoot-identity/koa';
import Koa, { type DefaultContext, type DefaultState } from 'koa';

interface State extends DefaultState {
  user?: { id: number; name: string };
}

const inbox = { hmacToken: 'a', websiteToken: 'b', baseUrl: 'https://chat.example.com' };

export const options: ChatwootIdentityOptions = {
  inbox: async (ctx) => ({ ...inbox, websiteToken: ctx.get('x-inbox') }),
  contact: (ctx) => ctx.state.user && { identifier: ctx.state.user.id, name: ctx.state.user.name },
  path: '/me',
  allowedOrigins: [],
  inject: { mode: 'inline', skip: (ctx) => ctx.path === '/print', nonce: (ctx) => ctx.state.cspNonce },
  onError: (error, ctx) => ctx.app.emit('error', error, ctx),
};

export const plain: Koa = new Koa().use(chatwootIdentity(options));

export const typed: Koa<State> = new Koa<State>();
typed.use(chatwootIdentity({ inbox, contact: () => null }));
typed.use(async (ctx) => {
  const place: (() => string | Promise<string>) | undefined = ctx.state.chatwootIdentity;
  ctx.body = await place?.();
  chatwootLogout(ctx);
});

interface Context extends DefaultContext {
  tenant: string;
}
export const withContext: Koa<State, Context> = new Koa<State, Context>();
withContext.use(
  chatwootIdentity({ inbox, contact: ({ tenant }) => ({ identifier: String(tenant), name: 'A' }) }),
);
withContext.use((ctx) => chatwootLogout(ctx));

// @ts-expect-error a misspelled option
chatwootIdentity({ inbox, contact: () => null, allowedorigins: [] });
// @ts-expect-error the helper returns markup, not a number
plain.use((ctx) => void (ctx.state.chatwootIdentity?.() satisfies number));
