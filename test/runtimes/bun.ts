import { app } from './app.js';

declare const Bun: {
  serve(options: { port: number; hostname: string; fetch: typeof app; development: boolean }): {
    port: number;
  };
};

const { port } = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: app, development: false });
console.log(`Port ${port}`);
