declare module 'connect-inject' {
  export default function inject(options: object): import('express').RequestHandler;
}
declare module 'express-interceptor' {
  interface Interceptor {
    isInterceptable(): boolean;
    intercept(body: string, send: (body: string) => void): void;
  }
  export default function interceptor(
    define: (req: import('express').Request, res: import('express').Response) => Interceptor,
  ): import('express').RequestHandler;
}
