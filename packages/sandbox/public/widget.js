// @ts-check
/**
 * Implements the sandbox's chat panel. The panel runs inside the iframe and implements the widget's part of the
 * postMessage protocol.
 */

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const config = JSON.parse(element('config').textContent ?? '');
const prefix = 'chatwoot-widget:';
let authToken = config.authToken;
let settings = /** @type {Record<string, any>} */ ({ showUnreadMessagesDialog: true });
let isOpen = window.parent === window;
let hasConversation = false;
/** Changes that the page requested before a conversation exists. @type {(() => Promise<unknown>)[]} */
let queue = [];

/** @param {string} event @param {object} [value] */
const send = (event, value) => window.parent.postMessage(prefix + JSON.stringify({ event, ...value }), '*');

/**
 * Sends a request to the server. If the status is an error, rejects with an object whose `body` is the parsed
 * response body.
 * @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>}
 */
const request = (method, path, body) =>
  new Promise((resolve, reject) => {
    const url = `/api/v1/widget${path}${window.location.search}`;
    const headers = { 'Content-Type': 'application/json', 'X-Auth-Token': authToken };
    const data = body && JSON.stringify(body);
    const xhr = new XMLHttpRequest(); // as in the real widget: unlike fetch, XHR reports no error when the user leaves the page
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.onload = () => {
      const json = xhr.getResponseHeader('Content-Type')?.includes('json');
      const answer = json ? JSON.parse(xhr.responseText) : xhr.responseText;
      if (xhr.status < 400) resolve(answer);
      else reject({ body: answer });
    };
    // Pitfall: like the real widget, this code passes the session token and the user's data to the page's
    // chatwoot:error event.
    const config = { url, method, headers, data };
    xhr.onerror = () => reject({ body: { message: 'Network Error', code: 'ERR_NETWORK', config } });
    xhr.send(data);
  });

// --- The visitor's identity ---

/** @param {string} state @param {string} text */
const showVisitor = (state, text) => {
  const label = document.createElement('span');
  label.textContent = text;
  element('visitor').dataset.state = state;
  element('visitor').replaceChildren(label);
};

const loadVisitor = async () => {
  const response = await fetch('/sandbox/me', { headers: { 'X-Auth-Token': authToken } });
  if (!response.ok) return;
  const { name, identifier, email, hmac_verified } = await response.json();
  if (hmac_verified) showVisitor('verified', `Verified: ${name}`);
  else if (identifier || email) showVisitor('unverified', `Not verified: ${name}`);
  else showVisitor('anonymous', `Anonymous visitor: ${name}`);
};

/** @param {boolean} messages */
const refresh = async (messages) => {
  await request('GET', '/contact');
  await loadVisitor();
  if (messages) await loadMessages();
};

/** @param {any} message */
const setUser = async ({ identifier, user }) => {
  try {
    // Pitfall: when the SDK repeats setUser, the message has no `user`. This line then throws a TypeError,
    // which the page receives as {}.
    const { email, name, avatar_url, identifier_hash, phone_number, custom_attributes } = user;
    const { company_name, city, country_code, description, social_profiles } = user;
    const additional_attributes = { company_name, city, country_code, description, social_profiles };
    const contact = { email, name, avatar_url, identifier_hash, phone_number, custom_attributes };
    const answer = await request('PATCH', '/contact/set_user', {
      identifier,
      ...contact,
      additional_attributes,
    });
    if (answer.widget_auth_token) {
      authToken = answer.widget_auth_token;
      send('setAuthCookie', { data: { widgetAuthToken: authToken } });
    } // Pitfall: the stream still belongs to the old session. Replies to the new session appear only after a reload.
    const isRecognised = identifier_hash || answer.widget_auth_token;
    if (isRecognised) queue = []; // Pitfall: changes that the page requested before this response are lost.
    refresh(isRecognised).catch(() => {});
  } catch (error) {
    const data = /** @type {any} */ (error).body ?? error;
    send('error', { errorType: 'SET_USER_ERROR', data });
    showVisitor('refused', `Identity refused: ${data.error ?? data.message ?? 'see chatwoot:error'}`);
  }
};

// --- Messages ---

/** @param {{ id: number, content: string, message_type: number }} message */
const showMessage = ({ id, content, message_type }) => {
  if (document.getElementById(`message-${id}`)) return;
  const item = document.createElement('li');
  item.id = `message-${id}`;
  item.className = message_type === 0 ? 'contact' : 'agent';
  item.textContent = content;
  element('messages').append(item);
  item.scrollIntoView({ block: 'end' });
};

const loadMessages = async () => {
  const [conversation, messages] = await Promise.all([
    request('GET', '/conversations'),
    request('GET', '/messages'),
  ]);
  hasConversation = conversation.id !== undefined;
  element('messages').replaceChildren();
  messages.payload.forEach(showMessage);
};

/**
 * Runs the task immediately if there is a conversation, and otherwise when a conversation is created. @param
 * {() => Promise<unknown>} task
 */
const withConversation = (task) => (hasConversation ? task() : void queue.push(task));

/** @param {string} content */
const sendMessage = async (content) => {
  const message = { content };
  const path = hasConversation ? '/messages' : '/conversations';
  if (!hasConversation) {
    send('onEvent', { eventIdentifier: 'chatwoot:on-start-conversation', data: { hasConversation } });
  }
  const answer = await request('POST', path, { message });
  showMessage(answer.messages?.[0] ?? answer);
  hasConversation = true;
  const tasks = queue;
  queue = [];
  for (const task of tasks) await task();
};

/**
 * The event stream that replaces Chatwoot's websocket. The stream is open while the page is visible. @type
 * {EventSource | undefined}
 */
let cable;
const disconnect = () => {
  cable?.close();
  cable = undefined;
};
const connect = () => {
  if (cable || document.visibilityState === 'hidden') return;
  cable = new EventSource(`/sandbox/cable?pubsub_token=${config.pubsubToken}`);
  cable.addEventListener('contact', loadVisitor);
  cable.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data);
    hasConversation = true;
    showMessage(message);
    send('onEvent', { eventIdentifier: 'chatwoot:on-message', data: message });
    if (message.message_type === 0 || isOpen) return;
    if (settings.showUnreadMessagesDialog) send('setUnreadMode');
    else send('handleNotificationDot', { unreadMessageCount: 1 });
  });
};

// --- Handlers of messages from the page, by the message's `event` ---

/** @type {Record<string, (message: any) => unknown>} */
const events = {
  'config-set'(message) {
    settings = message;
    document.documentElement.dataset.theme = message.darkMode;
    if (message.locale) document.documentElement.lang = message.locale;
    if (message.welcomeTitle) element('title').textContent = message.welcomeTitle;
    if (message.welcomeDescription) element('description').textContent = message.welcomeDescription;
  },
  'set-user': setUser,
  'set-custom-attributes': async ({ customAttributes }) => {
    await request('PATCH', '/contact', { custom_attributes: customAttributes });
  },
  'delete-custom-attribute': ({ customAttribute }) =>
    request('POST', '/contact/destroy_custom_attributes', { custom_attributes: [customAttribute] }),
  'set-conversation-custom-attributes': ({ customAttributes }) =>
    withConversation(() =>
      request('POST', '/conversations/set_custom_attributes', { custom_attributes: customAttributes }),
    ),
  'delete-conversation-custom-attribute': ({ customAttribute }) =>
    withConversation(() =>
      request('POST', '/conversations/destroy_custom_attributes', { custom_attribute: [customAttribute] }),
    ),
  'set-label': ({ label }) => withConversation(() => request('POST', '/labels', { label })),
  'remove-label': ({ label }) =>
    withConversation(() => request('DELETE', `/labels/${encodeURIComponent(label)}`)),
  'set-locale': ({ locale }) => {
    document.documentElement.lang = locale;
  },
  'set-color-scheme': ({ darkMode }) => {
    document.documentElement.dataset.theme = darkMode;
  },
  'toggle-open': (message) => {
    isOpen = message.isOpen;
    if (isOpen) element('content').focus();
  },
  'toggle-close-button': ({ isMobile }) => {
    element('close').hidden = !isMobile;
  },
  'push-event': ({ eventName }) => request('POST', '/events', { name: eventName }),
};

// Pitfall: the widget receives messages only after the iframe's load event, so a setUser before
// chatwoot:ready is lost.
window.addEventListener('load', () => {
  window.addEventListener('message', async ({ data }) => {
    if (typeof data !== 'string' || !data.startsWith(prefix)) return;
    const message = JSON.parse(data.slice(prefix.length));
    try {
      await events[message.event]?.(message);
    } catch {
      // As in the real widget, only set-user reports its errors to the page. Errors of other events are
      // ignored.
    }
  });
  document.documentElement.style.setProperty('--brand', config.channelConfig.widgetColor);
  element('close').onclick = () => send('closeWindow');
  document.addEventListener('keydown', ({ key, isComposing }) => {
    if (key === 'Escape' && !isComposing) send('closeWindow');
  });
  element('composer').onsubmit = (event) => {
    event.preventDefault();
    const input = /** @type {HTMLInputElement} */ (element('content'));
    sendMessage(input.value).catch(() =>
      showVisitor('refused', 'The message could not be sent: reload the page'),
    );
    input.value = '';
  };
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') return disconnect();
    connect();
    loadMessages().catch(() => {});
  });
  window.addEventListener('pagehide', disconnect);
  window.addEventListener('pageshow', connect);
  connect();
  loadVisitor();
  loadMessages().catch(() => {});
  if (window.parent === window) document.documentElement.dataset.theme = 'auto'; // a separate window receives no settings from the page
  send('setBubbleLabel', { label: 'Chat with us' });
  send('loaded', { config: { authToken, channelConfig: config.channelConfig } });
});
