import { expect, test } from 'vitest';
import { ChatwootWidget } from './widget.js';

test('<ChatwootWidget {...inbox} />, with the token that it would give to the browser, is refused', () => {
  const inbox = {
    hmacToken: 'EPyYngFb62yBMWXaSCrUZoL9',
    websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
    baseUrl: 'https://chat.example.com',
  };
  // @ts-expect-error: it is a type error, too
  expect(() => ChatwootWidget(inbox)).toThrow('ChatwootWidget was given hmacToken');
});
