import { app } from './app.js';

export default { fetch: (request: Request): Promise<Response> => app(request) };
