import { createMiddleware, createStart } from '@tanstack/react-start';
import { chatwoot } from './chatwoot.js';

const chat = createMiddleware().server(async ({ request, next }) => {
  let result;
  const response = await chatwoot(request, async () => {
    result = await next();
    return result.response;
  });
  return result ? { ...result, response } : response;
});

export const startInstance = createStart(() => ({ requestMiddleware: [chat] }));
