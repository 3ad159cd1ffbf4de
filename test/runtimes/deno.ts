import { app } from './app.js';

declare const Deno: {
  serve(
    options: { port: number; hostname: string; onListen(address: { port: number }): void },
    fetch: (request: Request) => Promise<Response>,
  ): unknown;
};

const onListen = ({ port }: { port: number }) => console.log(`Port ${port}`);
Deno.serve({ port: 0, hostname: '127.0.0.1', onListen }, app);
