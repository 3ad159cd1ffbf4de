import type { AppProps } from 'next/app';
import Head from 'next/head';
import '@/app/style.css';

export default function App({ Component, pageProps }: AppProps) {
  return (
    <>
      <Head>
        <title>Paper &amp; Ink</title>
        <link rel="icon" href="data:," />
      </Head>
      <Component {...pageProps} />
    </>
  );
}
