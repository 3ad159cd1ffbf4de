import Link from 'next/link';
import type { ReactNode } from 'react';

/** Renders the top of every page: the navigation, and the signed-in user. */
export function ShopHeader({ children }: { children: ReactNode }) {
  return (
    <header>
      <nav>
        <strong>Paper &amp; Ink</strong>
        <Link href="/">Shop</Link>
        <Link href="/account">Account</Link>
        <Link href="/legacy">Orders</Link>
      </nav>
      {children}
    </header>
  );
}
