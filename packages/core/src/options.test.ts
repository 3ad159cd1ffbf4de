import { describe, expect, it } from 'vitest';
import { checkOptions } from './options.js';

const known = ['inbox', 'contact', 'allowedOrigins'];

describe('checkOptions', () => {
  it('lets known options through', () => {
    expect(() => checkOptions({ inbox: {}, contact: null }, known)).not.toThrow();
  });

  it.each([
    [{ allowed_origins: [] }, 'Unknown option "allowed_origins". Write "allowedOrigins".'],
    [{ allowedorigins: [] }, 'Unknown option "allowedorigins". Write "allowedOrigins".'],
    [{ identifier: 'x' }, 'Unknown option "identifier". Known options: inbox, contact, allowedOrigins.'],
    [undefined, 'chatwootIdentity takes one object of options'],
    [null, 'chatwootIdentity takes one object of options'],
    [{ headers: {} }, 'app.use(chatwootIdentity({ inbox, contact }))'],
  ])('refuses %j and says what to write', (options, message) => {
    expect(() => checkOptions(options, known)).toThrow(TypeError);
    expect(() => checkOptions(options, known)).toThrow(message);
  });
});
