import { expect, test } from 'vitest';
import { importsOf } from './page-links.js';

const script = (text: string) =>
  ({ kind: 'script', name: 'the script', headers: new Headers(), text }) as const;
const base = new URL('https://shop.example.com/app.js');

test.each(["import './a.js'", "import{b}from'./a.js'", "import(\n  './a.js'\n)", "export * from './a.js'"])(
  'finds the module that %j imports',
  (text) => {
    expect(importsOf(script(text), base).map(({ url }) => url.pathname)).toEqual(['/a.js']);
  },
);

test('scans a script in linear time, even with hostile white space', () => {
  const space = ' '.repeat(4_000_000);
  for (const text of [`import${space}`, `import(${space}`, `import${space}(${space}`])
    expect(importsOf(script(text), base)).toEqual([]);
});
