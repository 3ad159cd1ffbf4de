import { describe, expect, it } from 'vitest';
import { checkOptions } from './options.js';

const known = ['inbox', 'contact', 'allowedOrigins'];

describe('checkOptions', () => {
  it('accepts known options', () => {
    expect(() => checkOptions('chatwootIdentity', { inbox: {}, contact: null }, known)).not.toThrow();
  });

  it.each([
    [{ allowed_origins: [] }, 'chatwootIdentity has no option "allowed_origins". Write "allowedOrigins".'],
    [{ allowedorigins: [] }, 'chatwootIdentity has no option "allowedorigins". Write "allowedOrigins".'],
    [{ who: 'x' }, 'chatwootIdentity has no option "who". It takes: inbox, contact, allowedOrigins.'],
    [undefined, 'chatwootIdentity takes an object with these options: inbox, contact, allowedOrigins.'],
    [null, 'chatwootIdentity takes an object'],
    ['inbox', 'chatwootIdentity takes an object'],
  ])('throws for the options %j, with a message that names the valid options', (options, message) => {
    expect(() => checkOptions('chatwootIdentity', options, known)).toThrow(TypeError);
    expect(() => checkOptions('chatwootIdentity', options, known)).toThrow(message);
  });
});
