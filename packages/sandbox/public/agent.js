// @ts-check
/**
 * Implements the agent's page of the sandbox. Names and messages come from visitors, so they are added to the
 * page as text only.
 */

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @typedef {{ id: number, from: 'contact' | 'agent', content: string, at: string }} Message */
/** @typedef {{ sessionId: number, channel: string, hmacVerified: boolean, at: string, messages: Message[] }} Chat */
/** @typedef {{ id: number, identifier: string | null, name: string, email: string | null, phoneNumber: string | null, customAttributes: object, additionalAttributes: object, chats: Chat[] }} Contact */

/** @type {{ inbox: any, contacts: Contact[], events: any[] } | undefined} */
let state;
let revealed = false;
/** The id of the contact that is shown. @type {number | undefined} */
let selected;
/**
 * The id of the session that the agent selected, if the contact has several chats. @type {number | undefined}
 */
let selectedSession;

/**
 * Creates an element. The children are nodes or text.
 * @param {string} tag @param {Record<string, any>} [properties] @param {...(Node | string)} children
 */
const make = (tag, { data = {}, ...properties } = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  Object.assign(node.dataset, data);
  node.append(...children);
  return node;
};

/** @param {string} method @param {string} path @param {object} [body] */
const request = (method, path, body) =>
  fetch(`/sandbox/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  });

/** @param {string} at @param {'2-digit'} [second] */
const clock = (at, second) => {
  const text = new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second });
  return make('time', { dateTime: at }, text);
};

/** @param {Contact} contact */
const known = (contact) => contact.identifier ?? contact.email ?? contact.phoneNumber;

/**
 * Returns how far the agent can trust a chat. Chatwoot marks unverified conversations of the widget, but not those of API
 * inboxes. A visitor who has neither sent a message nor claimed an identity is not marked.
 * @typedef {'verified' | 'unverified' | 'anonymous' | 'silent' | 'api'} Trust
 * @param {Contact} contact @param {Chat} chat @returns {Trust}
 */
const trustOf = (contact, chat) => {
  if (chat.channel === 'api') return 'api';
  if (chat.hmacVerified) return 'verified';
  if (known(contact)) return 'unverified';
  return chat.messages.length ? 'anonymous' : 'silent';
};

/**
 * Returns the level of trust in a contact, which is that of its least trusted chat. @param {Contact} contact
 * @returns {Trust}
 */
const trust = (contact) => {
  const all = contact.chats.map((chat) => trustOf(contact, chat));
  const order = /** @type {const} */ (['unverified', 'anonymous', 'verified', 'silent', 'api']);
  return order.find((each) => all.includes(each)) ?? 'silent';
};

/** @type {Record<Trust, [className: string, text: string]>} */
const marks = {
  verified: ['good', 'Verified'],
  unverified: ['alert', 'Not verified'],
  anonymous: ['alert', 'Anonymous, not verified'],
  silent: ['', 'No message yet'],
  api: ['', 'Public API'],
};
/** @param {Trust} trust */
const doubtful = (trust) => marks[trust][0] === 'alert';

/** @param {Trust} trust */
const mark = (trust) => make('span', { className: `badge ${marks[trust][0]}` }, marks[trust][1]);

/** @param {Contact} contact */
const avatar = (contact) => {
  const words = contact.name.split(/[\s-]+/).filter((word) => /^\p{L}/u.test(word));
  const initials = words.slice(0, 2).map((word) => [...word][0].toUpperCase());
  const node = make('span', { className: 'avatar' }, initials.join('') || '?');
  node.style.setProperty('--tint', `oklch(0.56 0.13 ${(contact.id * 67 + 250) % 360})`);
  node.ariaHidden = 'true';
  return node;
};

/** @param {Contact} contact */
const latest = (contact) =>
  contact.chats
    .map(({ at }) => at)
    .toSorted()
    .at(-1) ?? '';

/** @param {number} id */
const select = (id) => {
  selected = id;
  selectedSession = undefined;
  document.body.dataset.view = 'conversation';
  render();
};

/** @param {Contact} contact */
const entry = (contact) => {
  const message = contact.chats.find(({ at }) => at === latest(contact))?.messages.at(-1);
  const line = message && `${message.from === 'agent' ? 'You: ' : ''}${message.content}`;
  const button = make(
    'button',
    { type: 'button', data: { contact: contact.id } },
    avatar(contact),
    make('b', {}, contact.name),
    clock(latest(contact)),
    ...(line ? [make('span', { className: 'line' }, line)] : []),
    mark(trust(contact)),
  );
  button.ariaCurrent = String(contact.id === selected);
  button.onclick = () => select(contact.id);
  return make('li', {}, button);
};

/** Shows one button for each of the contact's chats. @param {Contact} contact @param {Chat} current */
const renderChats = (contact, current) => {
  element('chats').hidden = contact.chats.length < 2;
  const buttons = contact.chats.map((chat, index) => {
    const text = `Chat ${index + 1}: ${marks[trustOf(contact, chat)][1].toLowerCase()}`;
    const button = make('button', { type: 'button', ariaPressed: String(chat === current) }, text);
    button.onclick = () => {
      selectedSession = chat.sessionId;
      render();
    };
    return make('li', {}, button);
  });
  element('chats').replaceChildren(...buttons);
};

/** Returns the chat to show: the selected chat, or else the latest. @param {Contact} contact */
const chatOf = (contact) =>
  contact.chats.find(({ sessionId }) => sessionId === selectedSession) ??
  /** @type {Chat} */ (contact.chats.toSorted((a, b) => b.at.localeCompare(a.at))[0]);

/** @param {Contact | undefined} contact */
const renderConversation = (contact) => {
  element('empty').hidden = contact !== undefined;
  element('conversation').hidden = element('contact').hidden = contact === undefined;
  if (!contact) return;
  const chat = chatOf(contact);
  const trust = trustOf(contact, chat);
  const id = make('small', {}, known(contact) ?? 'anonymous visitor');
  const name = make('span', {}, make('b', {}, contact.name), id);
  element('who').replaceChildren(avatar(contact), name, mark(trust));
  renderChats(contact, chat);
  element('warning').hidden = !doubtful(trust);
  element('warning').textContent = known(contact)
    ? 'The identity of this user is not verified. Anyone can claim to be them: do not share anything private.'
    : 'The identity of this user is not verified. This visitor is not signed in.';
  const none = make('li', { className: 'none' }, 'No messages yet. Your reply starts the conversation.');
  const messages = chat.messages.map(({ from, content }) => make('li', { className: from }, content));
  element('messages').replaceChildren(...(messages.length ? messages : [none]));
  element('messages').lastElementChild?.scrollIntoView({ block: 'end' });
  const fields = {
    Name: contact.name,
    Identifier: contact.identifier,
    Email: contact.email,
    Phone: contact.phoneNumber,
    ...contact.additionalAttributes,
    ...contact.customAttributes,
  };
  element('fields').replaceChildren(
    ...Object.entries(fields)
      .filter(([, value]) => value !== null)
      .flatMap(([key, value]) => [
        make('dt', {}, key),
        make('dd', {}, typeof value === 'string' ? value : JSON.stringify(value)),
      ]),
  );
};

/** @param {string} label @param {string} value @param {string} [shown] @param {...Node} buttons */
const setting = (label, value, shown = value, ...buttons) => {
  const copy = make('button', { type: 'button', ariaLabel: `Copy: ${label}` }, 'Copy');
  copy.onclick = async () => {
    await navigator.clipboard.writeText(value);
    copy.textContent = 'Copied';
  };
  return [make('dt', {}, label), make('dd', {}, make('code', {}, shown), ...buttons, copy)];
};

const renderInbox = () => {
  const { baseUrl, websiteToken, hmacToken, hmacMandatory, identifier } = state?.inbox ?? {};
  /** @type {HTMLInputElement} */ (element('mandatory')).checked = hmacMandatory;
  const reveal = make('button', { type: 'button' }, revealed ? 'Hide' : 'Reveal');
  reveal.onclick = () => {
    revealed = !revealed;
    renderInbox();
  };
  element('configuration').replaceChildren(
    ...setting('Base URL', baseUrl),
    ...setting('Website token', websiteToken),
    ...setting('Secret key (HMAC token)', hmacToken, revealed ? hmacToken : '*'.repeat(12), reveal),
    ...setting('Inbox identifier (public API)', identifier),
  );
};

/**
 * Describes an event in words. Returns the CSS class and the text of the line that describes the event. @param
 * {any} event @returns {[string, string] | undefined}
 */
const words = (event) => {
  const who = event.identifier || 'no identifier';
  const name = state?.contacts.find(({ id }) => id === event.contactId)?.name ?? 'a visitor';
  if (event.type === 'session_created') return ['', 'A new visitor opened a page with the chat'];
  if (event.type === 'session_resumed') return ['', `${name} opened another page with the chat`];
  if (event.type === 'chat_opened') return ['', `The chat of ${name} was opened`];
  if (event.type === 'hmac_token_rotated')
    return ['doubtful', 'The HMAC token was rotated: hashes made with the old token are now refused'];
  if (event.type === 'inbox_updated')
    return ['', `Enforcement was turned ${event.hmacMandatory ? 'on' : 'off'}`];
  if (event.type !== 'set_user' && event.type !== 'contact_update') return undefined;
  if (event.status !== 200) return ['refused', `Refused with ${event.status}: ${who}`];
  if (event.verified) return ['proven', `Proven by hash: ${who}`];
  return event.identifier
    ? ['doubtful', `Claimed without proof: ${who}`]
    : ['', `The contact ${name} was updated`];
};

const render = () => {
  if (!state) return;
  const contacts = state.contacts
    .filter(({ chats }) => chats.length)
    .toSorted((a, b) => latest(b).localeCompare(latest(a)) || b.id - a.id);
  const current = contacts.find(({ id }) => id === selected) ?? contacts[0];
  selected = current?.id;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.contact;
  const none = make('li', { className: 'none' }, 'No visitors yet');
  element('list').replaceChildren(...(contacts.length ? contacts.map(entry) : [none]));
  if (focused)
    /** @type {HTMLElement | null} */ (document.querySelector(`[data-contact="${focused}"]`))?.focus();
  const open = contacts.filter((contact) => doubtful(trust(contact))).length;
  element('unverified').hidden = open === 0;
  element('unverified').textContent = `${open} not verified`;
  renderConversation(current);
  renderInbox();
  element('events').replaceChildren(
    ...state.events.toReversed().flatMap((event) => {
      const [className, text] = words(event) ?? [];
      return text ? [make('li', { className }, make('span', {}, text), clock(event.at, '2-digit'))] : [];
    }),
  );
};

for (const back of document.querySelectorAll('.back')) {
  /** @type {HTMLElement} */ (back).onclick = () => {
    document.body.dataset.view = 'list';
  };
}
element('to-inbox').onclick = () => {
  document.body.dataset.view = 'inbox';
};
element('mandatory').onchange = ({ target }) =>
  request('PATCH', 'inbox', { hmac_mandatory: /** @type {HTMLInputElement} */ (target).checked });
element('rotate').onclick = () => request('POST', 'inbox/rotate_hmac_token');
element('composer').onsubmit = (event) => {
  event.preventDefault();
  const input = /** @type {HTMLInputElement} */ (element('content'));
  const contact = state?.contacts.find(({ id }) => id === selected);
  if (contact) request('POST', `sessions/${chatOf(contact).sessionId}/messages`, { content: input.value });
  input.value = '';
};

const events = new EventSource('/sandbox/events');
events.addEventListener('state', ({ data }) => {
  state = JSON.parse(data);
  element('live').textContent = 'live';
  element('live').dataset.on = '';
  render();
});
events.onerror = () => {
  element('live').textContent = 'not connected';
  delete element('live').dataset.on;
};
