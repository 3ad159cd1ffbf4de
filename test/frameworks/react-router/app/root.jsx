import { Outlet, Scripts } from 'react-router';
import { chatwoot } from './chatwoot.js';

export const middleware = [({ request, context }, next) => chatwoot(request, () => next(), context)];

export default function App() {
  return (
    <html lang="en">
      <head>
        <title>Shop</title>
      </head>
      <body>
        <Outlet />
        <Scripts />
      </body>
    </html>
  );
}
