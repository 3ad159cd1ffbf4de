// @ts-check
/** The agent's side of the sandbox. Names and messages come from visitors: they enter the page as text only. */

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @typedef {{ id: number, from: 'contact' | 'agent', content: string, at: string }} Message */
/** @typedef {{ id: number, channel: string, contactId: number, hmacVerified: boolean, createdAt: string, messages: Message[] }} Session */
/** @typedef {{ id: number, identifier: string | null, name: string, email: string | null, phoneNumber: string | null, customAttributes: object, additionalAttributes: object }} Contact */

/** @type {{ inbox: any, contacts: Contact[], sessions: Session[], events: any[] } | undefined} */
let state;
let tab = 'conversations';
let revealed = false;
/** @type {number | undefined} */
let selected;

/**
 * Makes an element; children are nodes or text.
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

/** @param {string} at */
const clock = (at) =>
  make('time', { dateTime: at }, new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));

/** @param {Contact} contact */
const known = (contact) => contact.identifier ?? contact.email ?? contact.phoneNumber;

/** @param {Contact} contact @param {boolean} verified */
const avatar = (contact, verified) => {
  const words = contact.name.split(/[\s-]+/).filter((word) => /^\p{L}/u.test(word));
  const initials = words.slice(0, 2).map((word) => [...word][0].toUpperCase());
  const node = make('span', { className: 'avatar', data: { verified } }, initials.join('') || '?');
  node.style.setProperty('--tint', `oklch(0.56 0.13 ${(contact.id * 67 + 250) % 360})`);
  node.ariaHidden = 'true';
  return node;
};

/** @param {Contact} contact @param {boolean} verified */
const mark = (contact, verified) => {
  const text = verified ? 'Verified' : known(contact) ? 'Not verified' : 'Anonymous, not verified';
  return make('span', { className: `badge ${verified ? 'good' : 'alert'}` }, text);
};

/** The mark is for the widget only: Chatwoot shows none in API inboxes. @param {Session} session */
const doubtful = (session) => session.channel === 'web_widget' && !session.hmacVerified;

/** @param {number} id */
const contactOf = (id) => /** @type {Contact} */ (state?.contacts.find((contact) => contact.id === id));

/** @param {Session} session */
const latest = (session) => session.messages.at(-1)?.at ?? session.createdAt;

/** @param {number} id */
const select = (id) => {
  selected = id;
  document.body.dataset.view = 'conversation';
  render();
};

/** @param {Session} session @param {Contact} contact @param {boolean} verified @param {string} line */
const entry = (session, contact, verified, line) => {
  const marks = session.channel === 'api' ? [] : [mark(contact, verified)];
  const children = [avatar(contact, verified), make('b', {}, contact.name), clock(latest(session))];
  const text = make('span', { className: 'line' }, line);
  const button = make(
    'button',
    { type: 'button', data: { session: session.id } },
    ...children,
    text,
    ...marks,
  );
  button.ariaCurrent = String(session.id === selected);
  button.onclick = () => select(session.id);
  return make('li', {}, button);
};

/** @param {Session[]} sessions */
const conversationList = (sessions) =>
  sessions.map((session) => {
    const contact = contactOf(session.contactId);
    const message = session.messages.at(-1);
    const line = message ? `${message.from === 'agent' ? 'You: ' : ''}${message.content}` : 'No messages yet';
    return entry(session, contact, !doubtful(session), line);
  });

/** @param {Session[]} sessions */
const contactList = (sessions) =>
  [...new Set(sessions.map((session) => session.contactId))].map((id) => {
    const own = sessions.filter((session) => session.contactId === id);
    const open = own.filter(doubtful).length;
    const some = open > 0 && open < own.length ? `, ${open} not verified` : '';
    const count = `${own.length} session${own.length > 1 ? 's' : ''}${some}`;
    const contact = contactOf(id);
    return entry(own[0], contact, open === 0, `${known(contact) ?? 'anonymous'} \u00b7 ${count}`);
  });

/** @param {Session | undefined} session */
const renderConversation = (session) => {
  element('empty').hidden = session !== undefined;
  element('conversation').hidden = element('contact').hidden = session === undefined;
  if (!session) return;
  const contact = contactOf(session.contactId);
  const verified = !doubtful(session);
  const name = make(
    'span',
    {},
    make('b', {}, contact.name),
    make('small', {}, known(contact) ?? 'anonymous visitor'),
  );
  const marks = session.channel === 'api' ? [] : [mark(contact, verified)];
  element('who').replaceChildren(avatar(contact, verified), name, ...marks);
  element('warning').hidden = verified;
  element('warning').textContent = known(contact)
    ? 'The identity of this user is not verified. Anybody can claim to be them: do not share anything private.'
    : 'The identity of this user is not verified. This visitor is not signed in.';
  const none = make(
    'li',
    { className: 'none' },
    'No messages yet. A reply from here opens the conversation.',
  );
  const messages = session.messages.map(({ from, content }) => make('li', { className: from }, content));
  element('messages').replaceChildren(...(messages.length ? messages : [none]));
  element('messages').lastElementChild?.scrollIntoView({ block: 'end' });
  const fields = {
    Name: contact.name,
    Identifier: contact.identifier,
    'E-mail': contact.email,
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
    ...setting('HMAC token (secret)', hmacToken, revealed ? hmacToken : '*'.repeat(12), reveal),
    ...setting('Inbox identifier (public API)', identifier),
  );
};

/** What an event means, in words. @param {any} event @returns {[string, string] | undefined} */
const words = (event) => {
  const who = event.identifier || 'no identifier';
  if (event.type === 'session_created') return ['', 'A new visitor opened the chat'];
  if (event.type === 'session_resumed') return ['', 'A visitor came back'];
  if (event.type === 'hmac_token_rotated')
    return ['doubtful', 'The HMAC token was rotated: older hashes are dead'];
  if (event.type === 'inbox_updated')
    return ['', `Enforcement was turned ${event.hmacMandatory ? 'on' : 'off'}`];
  if (event.type !== 'set_user' && event.type !== 'contact_update') return undefined;
  if (event.status !== 200) return ['refused', `Refused with ${event.status}: ${who}`];
  if (event.verified) return ['proven', `Proven by hash: ${who}`];
  return event.identifier ? ['doubtful', `Claimed without proof: ${who}`] : ['', 'A contact was updated'];
};

const render = () => {
  if (!state) return;
  const sessions = state.sessions.toSorted((a, b) => latest(b).localeCompare(latest(a)) || b.id - a.id);
  const current = sessions.find(({ id }) => id === selected) ?? sessions[0];
  selected = current?.id;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.session;
  const items = tab === 'contacts' ? contactList(sessions) : conversationList(sessions);
  const none = make('li', { className: 'none' }, 'Nobody here yet');
  element('list').replaceChildren(...(items.length ? items : [none]));
  if (focused)
    /** @type {HTMLElement | null} */ (document.querySelector(`[data-session="${focused}"]`))?.focus();
  const open = sessions.filter(doubtful).length;
  element('unverified').hidden = open === 0;
  element('unverified').textContent = `${open} not verified`;
  renderConversation(current);
  renderInbox();
  element('events').replaceChildren(
    ...state.events.toReversed().flatMap((event) => {
      const [className, text] = words(event) ?? [];
      return text ? [make('li', { className }, make('span', {}, text), clock(event.at))] : [];
    }),
  );
};

for (const name of ['conversations', 'contacts']) {
  element(`tab-${name}`).onclick = () => {
    tab = name;
    for (const each of ['conversations', 'contacts']) {
      element(`tab-${each}`).ariaPressed = String(each === tab);
    }
    render();
  };
}
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
  request('POST', `sessions/${selected}/messages`, { content: input.value });
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
