// @ts-check
/**
 * Replaces Chatwoot's website SDK in the sandbox, with the same globals, elements, cookies, events and
 * messages. Reproduces the pitfalls of the real SDK on purpose, so that code that works with the sandbox also
 * works with Chatwoot. This script was written from the behaviour of the real SDK, not from its source.
 */
(() => {
  // Pitfall: the SDK looks up the body when this script is evaluated. In <head> the body does not exist yet,
  // and run() fails later.
  const body = /** @type {HTMLElement} */ (document.querySelector('body'));
  const prefix = 'chatwoot-widget:';
  /** @type {string} */
  const generation = '4.18'; // the server inserts the sandbox's option here
  const page = /** @type {any} */ (window);
  const holder = document.createElement('div');
  const bubbleHolder = document.createElement('div');
  const openBubble = document.createElement('button');
  const closeBubble = document.createElement('button');
  const bubbleText = document.createElement('div');

  const css = `
    .woot-widget-holder, .woot-widget-bubble { position: fixed; z-index: 2147483000; transition: opacity .2s, transform .2s; }
    .woot-widget-holder { bottom: 96px; width: 384px; max-width: calc(100vw - 40px); height: min(620px, calc(100dvh - 116px));
      border-radius: 18px; overflow: hidden; box-shadow: 0 0 0 1px rgb(127 127 127 / .2), 0 12px 48px rgb(15 23 42 / .24); transform-origin: 100% 100%; }
    .woot-widget-holder iframe { width: 100%; height: 100%; border: 0; display: block; color-scheme: normal; }
    .woot-widget-bubble { display: flex; gap: 10px; align-items: center; justify-content: center; bottom: 20px; min-width: 60px;
      height: 60px; padding: 0; border: 0; border-radius: 30px; cursor: pointer; color: #fff; background: var(--widget-color);
      box-shadow: 0 6px 20px rgb(15 23 42 / .28); font: 600 16px system-ui, sans-serif; }
    .woot-widget-bubble svg { flex: none; width: 28px; height: 28px; fill: none; stroke: currentcolor; }
    .woot-widget--expanded { padding: 0 22px; }
    .woot-widget-bubble:hover { transform: translateY(-2px); }
    .woot-widget-bubble:focus-visible { outline: 3px solid var(--widget-color); outline-offset: 3px; }
    .woot-widget-bubble.unread-notification::after { content: ''; position: absolute; top: 2px; right: 2px; width: 14px;
      height: 14px; border: 2px solid #fff; border-radius: 50%; background: #e5484d; }
    .woot-elements--right { right: 20px; }
    .woot-elements--left { left: 20px; transform-origin: 0 100%; }
    .woot-hidden { display: none; }
    .woot--hide { opacity: 0; visibility: hidden; pointer-events: none; transform: translateY(8px) scale(.98); }
    @media (max-width: 668px) { .woot-widget-holder { inset: 0; max-width: none; width: 100%; height: 100dvh; border-radius: 0; }
      .woot--close { visibility: hidden; } }
    @media (prefers-reduced-motion: reduce) { .woot-widget-holder, .woot-widget-bubble { transition: none; } }`;

  // --- Cookies on the host page ---
  const userCookie = () => `cw_user_${page.$chatwoot.websiteToken}`;

  /** @param {string} name */
  const getCookie = (name) => {
    const entry = document.cookie.split('; ').find((each) => each.startsWith(`${name}=`));
    return entry && decodeURIComponent(entry.slice(name.length + 1));
  };

  /** @param {string} name @param {string} value @param {string} [domain] @param {number} [days] */
  const setCookie = (name, value, domain, days = 365) => {
    const expires = new Date(Date.now() + days * 86_400_000).toUTCString();
    const scope = domain ? `; domain=${domain}` : '';
    // biome-ignore lint/suspicious/noDocumentCookie: as in Chatwoot's SDK; it must be synchronous
    document.cookie = `${name}=${encodeURIComponent(value)}; path=/; expires=${expires}; SameSite=Lax${scope}`;
  };

  /**
   * Pitfall: this function sets no Domain, so it does not remove a cookie that was set for baseDomain. @param
   * {string} name
   */
  const removeCookie = (name) => setCookie(name, '', undefined, -1);

  // --- The iframe ---
  const frame = () => /** @type {HTMLIFrameElement} */ (document.getElementById('chatwoot_live_chat_widget'));

  /** @param {string} event @param {object} [value] */
  const send = (event, value) => {
    frame().contentWindow?.postMessage(prefix + JSON.stringify({ event, ...value }), '*');
  };

  /**
   * Returns the address of the widget. Like Chatwoot's SDK, neither encodes the values nor removes a trailing
   * slash. @param {string} [session]
   */
  const widgetUrl = (session) => {
    const { baseUrl, websiteToken } = page.$chatwoot;
    const url = `${baseUrl}/widget?website_token=${websiteToken}`;
    return session ? `${url}&cw_conversation=${session}` : url;
  };

  /** @param {string} name @param {unknown} [detail] */
  const dispatch = (name, detail = null) => window.dispatchEvent(new CustomEvent(name, { detail }));

  /** @param {boolean} open */
  const show = (open) => {
    if (page.$chatwoot.isOpen === open) return;
    page.$chatwoot.isOpen = open;
    openBubble.classList.toggle('woot--hide', open);
    closeBubble.classList.toggle('woot--hide', !open);
    holder.classList.toggle('woot--hide', !open);
    openBubble.classList.remove('unread-notification');
    send('toggle-open', { isOpen: open });
    if (open) send('push-event', { eventName: 'webwidget.triggered' });
    dispatch(open ? 'chatwoot:opened' : 'chatwoot:closed');
    (open ? frame() : openBubble).focus();
  };

  /**
   * Informs the widget whether the page is narrow. On a narrow page, the widget shows a close button in its
   * header.
   */
  const sendCloseButton = () =>
    send('toggle-close-button', { isMobile: matchMedia('(max-width: 668px)').matches });

  /**
   * Handlers of the iframe's messages, by the message's `event`. @type {Record<string, (message: any) =>
   * void>}
   */
  const events = {
    loaded({ config }) {
      const { $chatwoot } = page;
      setCookie('cw_conversation', config.authToken, $chatwoot.baseDomain);
      $chatwoot.hasLoaded = true;
      send('config-set', Object.fromEntries(configured.map((name) => [name, $chatwoot[name]])));
      createBubble(config.channelConfig.widgetColor.toLowerCase());
      sendCloseButton();
      // Pitfall: the user's fields are sent at the top level, without the identifier. The iframe fails to read
      // these fields and reports {}.
      if ($chatwoot.user) send('set-user', $chatwoot.user);
      if (!$chatwoot.resetTriggered) dispatch('chatwoot:ready');
    },
    error({ errorType, data }) {
      dispatch('chatwoot:error', data);
      if (errorType === 'SET_USER_ERROR') removeCookie(userCookie());
    },
    setAuthCookie({ data }) {
      setCookie('cw_conversation', data.widgetAuthToken, page.$chatwoot.baseDomain);
    },
    onEvent: ({ eventIdentifier, data }) => dispatch(eventIdentifier, data),
    postback: ({ data }) => dispatch('chatwoot:postback', data),
    toggleBubble: () => show(!page.$chatwoot.isOpen),
    closeWindow: () => show(false),
    closeChat: () => show(false),
    popoutChatWindow: () => page.$chatwoot.popoutChatWindow(),
    setBubbleLabel({ label }) {
      bubbleText.textContent = page.$chatwoot.launcherTitle || label;
    },
    setUnreadMode: () => show(true),
    handleNotificationDot({ unreadMessageCount }) {
      openBubble.classList.toggle('unread-notification', unreadMessageCount > 0);
    },
  };

  /** @param {string} path */
  const icon = (path) => {
    const create = (/** @type {string} */ name) =>
      document.createElementNS('http://www.w3.org/2000/svg', name);
    const svg = create('svg');
    for (const [name, value] of Object.entries({
      viewBox: '0 0 24 24',
      'stroke-width': '2.2',
      'aria-hidden': 'true',
    })) {
      svg.setAttribute(name, value);
    }
    svg.appendChild(create('path')).setAttribute('d', path);
    return svg;
  };

  /** @param {string} color */
  const createBubble = (color) => {
    const { position, type, hideMessageBubble } = page.$chatwoot;
    frame().style.visibility = '';
    holder.style.setProperty('--widget-color', color);
    bubbleHolder.style.setProperty('--widget-color', color);
    if (document.querySelector('.woot--bubble-holder')) return;
    bubbleHolder.id = 'cw-bubble-holder';
    bubbleHolder.className = 'woot--bubble-holder';
    bubbleHolder.classList.toggle('woot-hidden', hideMessageBubble);
    openBubble.className = `woot-widget-bubble woot-elements--${position}`;
    openBubble.append(icon('M12 4a8 8 0 0 0-7 11.9L4 20l4.1-1A8 8 0 1 0 12 4z'));
    if (type === 'expanded_bubble') {
      bubbleText.id = 'woot-widget--expanded__text';
      openBubble.append(bubbleText);
      openBubble.classList.add('woot-widget--expanded');
    }
    closeBubble.className = `woot-elements--${position} woot-widget-bubble woot--close woot--hide`;
    closeBubble.append(icon('M6 6l12 12M18 6L6 18'));
    openBubble.type = closeBubble.type = 'button';
    openBubble.title = openBubble.ariaLabel = 'Open the chat';
    closeBubble.title = closeBubble.ariaLabel = 'Close the chat';
    openBubble.ariaExpanded = 'false'; // only one of the two bubbles is visible at a time
    closeBubble.ariaExpanded = 'true';
    bubbleHolder.onclick = () => show(!page.$chatwoot.isOpen);
    bubbleHolder.onkeydown = ({ key }) => {
      if (key === 'Escape') show(false);
    };
    bubbleHolder.append(openBubble, closeBubble);
    body.appendChild(bubbleHolder);
  };

  const createFrame = () => {
    const style = document.createElement('style'); // has no nonce: a strict CSP blocks the style, which affects only the appearance
    style.id = 'cw-widget-styles';
    style.textContent = css;
    document.body.appendChild(style);
    const iframe = document.createElement('iframe');
    iframe.id = 'chatwoot_live_chat_widget';
    iframe.title = 'Chat';
    iframe.src = widgetUrl(getCookie('cw_conversation'));
    iframe.style.visibility = 'hidden'; // the iframe stays hidden until it has loaded
    holder.id = 'cw-widget-holder';
    holder.className = `woot-widget-holder woot--hide woot-elements--${page.$chatwoot.position}`;
    holder.appendChild(iframe);
    body.appendChild(holder);
    window.addEventListener('resize', sendCloseButton);
    // Pitfall: the SDK assigns window.onmessage. If a page assigns it too, the SDK receives no more messages.
    window.onmessage = (message) => {
      if (typeof message.data !== 'string' || !message.data.startsWith(prefix)) return;
      const content = JSON.parse(message.data.slice(prefix.length)); // like Chatwoot's SDK, accepts messages from any origin
      events[content.event]?.(content);
    };
    const ding = () => {
      for (const type of gestures) document.removeEventListener(type, ding);
      fetch(`${page.$chatwoot.baseUrl}/audio/widget/ding.mp3`).catch(() => {});
    };
    const gestures = ['click', 'touchstart', 'keypress'];
    for (const type of gestures) document.addEventListener(type, ding);
  };

  // --- Methods for the page ---
  const userKeys = ['avatar_url', 'email', 'name'];
  const contactKeys = [
    'phone_number',
    'company_name',
    'city',
    'country_code',
    'description',
    'social_profiles',
  ];

  /**
   * Returns the value of the `cw_user_` cookie. Up to Chatwoot 4.16, the value is the MD5 of five fields, so a
   * change of the phone number is not sent (chatwoot/chatwoot 13448). In later versions, the value is the
   * 128-bit FNV-1a of the JSON of all profile fields except custom attributes.
   * @param {string | number} identifier @param {any} user
   */
  const fingerprint = (identifier, user) => {
    const fields = [...userKeys, 'identifier_hash'].map((key) => [key, user[key] || '']);
    if (generation === '4.16') return md5(`${fields.flat().join('')}identifier${identifier}`);
    const given = contactKeys.filter((key) => user[key] !== undefined);
    const contact = given.map((key) => [key, sorted(user[key]) || '']);
    return fnv1a(JSON.stringify([...fields, ...contact, ['identifier', String(identifier)]]));
  };

  /** Returns the entries of an object, sorted by key. @param {any} value */
  const sorted = (value) =>
    value && typeof value === 'object'
      ? Object.keys(value)
          .sort()
          .map((key) => [key, value[key]])
      : value;

  /** @param {unknown} value */
  const required = (value) => {
    if (!value) throw new Error('Custom attribute is required');
  };

  /** @param {object} value */
  const notEmpty = (value) => {
    if (!value || !Object.keys(value).length)
      throw new Error('Custom attributes should have atleast one key');
  };

  const methods = {
    /** @param {string | number} identifier @param {any} user */
    setUser(identifier, user) {
      if (typeof identifier !== 'string' && typeof identifier !== 'number') {
        throw new Error('Identifier should be a string or a number');
      }
      if (!userKeys.some((key) => user[key])) {
        throw new Error('User object should have one of the keys [avatar_url, email, name]');
      }
      const digest = fingerprint(identifier, user);
      if (getCookie(userCookie()) === digest) return; // Pitfall: setUser skips the same user, even if the session was deleted.
      Object.assign(page.$chatwoot, { identifier, user });
      send('set-user', { identifier, user });
      setCookie(userCookie(), digest, page.$chatwoot.baseDomain); // Pitfall: the cookie is set before the server responds.
    },
    reset() {
      if (page.$chatwoot.isOpen) show(false);
      removeCookie('cw_conversation');
      removeCookie(userCookie());
      // Pitfalls: $chatwoot.user is not cleared, and the ready event is not dispatched again. Assigning `src`
      // adds a history entry, so the back button loads the old URL, which contains the old session.
      frame().src = widgetUrl();
      page.$chatwoot.resetTriggered = true;
    },
    /** @param {'open' | 'close'} [state] */
    toggle: (state) => show(state === 'open' || (state !== 'close' && !page.$chatwoot.isOpen)),
    /** @param {string} state */
    toggleBubbleVisibility(state) {
      // Like Chatwoot's SDK, throws a TypeError if the bubble does not exist yet.
      const { classList } = /** @type {HTMLElement} */ (document.querySelector('.woot--bubble-holder'));
      if (state === 'hide' || state === 'show') {
        classList.toggle('woot-hidden', state === 'hide');
        holder.classList.toggle('woot-widget--without-bubble', state === 'hide');
        page.$chatwoot.hideMessageBubble = state === 'hide';
      }
      send('sdk-set-bubble-visibility', { hideMessageBubble: page.$chatwoot.hideMessageBubble });
    },
    popoutChatWindow() {
      const { baseUrl, websiteToken, locale } = page.$chatwoot;
      const session = getCookie('cw_conversation');
      show(false);
      const query = `cw_conversation=${session}&website_token=${websiteToken}&locale=${locale ?? 'en'}`;
      window.open(`${baseUrl}/widget?${query}`, `webwidget_session_${websiteToken}`, 'width=400,height=600');
    },
    /** @param {object} customAttributes */
    setCustomAttributes(customAttributes) {
      notEmpty(customAttributes);
      send('set-custom-attributes', { customAttributes });
    },
    /** @param {string} customAttribute */
    deleteCustomAttribute(customAttribute) {
      required(customAttribute);
      send('delete-custom-attribute', { customAttribute });
    },
    /** @param {object} customAttributes */
    setConversationCustomAttributes(customAttributes) {
      notEmpty(customAttributes);
      send('set-conversation-custom-attributes', { customAttributes });
    },
    /** @param {string} customAttribute */
    deleteConversationCustomAttribute(customAttribute) {
      required(customAttribute);
      send('delete-conversation-custom-attribute', { customAttribute });
    },
    setLabel: (label = '') => send('set-label', { label }),
    removeLabel: (label = '') => send('remove-label', { label }),
    setLocale: (locale = 'en') => send('set-locale', { locale }),
    setColorScheme: (darkMode = 'light') => send('set-color-scheme', { darkMode: colorScheme(darkMode) }),
  };

  /** @param {unknown} mode */
  const colorScheme = (mode) => (mode === 'auto' || mode === 'dark' ? mode : 'light');

  /** The names of the `$chatwoot` properties that the widget receives. */
  const configured = [
    ...['locale', 'position', 'hideMessageBubble', 'showPopoutButton', 'showUnreadMessagesDialog'],
    ...['widgetStyle', 'darkMode', 'welcomeTitle', 'welcomeDescription', 'availableMessage'],
    ...['unavailableMessage', 'enableFileUpload', 'enableEmojiPicker', 'enableEndConversation'],
  ];

  /** @param {{ baseUrl: string, websiteToken: string }} inbox */
  const run = ({ baseUrl, websiteToken }) => {
    if (page.$chatwoot) return;
    const given = page.chatwootSettings || {};
    page.$chatwoot = {
      baseUrl,
      baseDomain: given.baseDomain,
      hasLoaded: false,
      hideMessageBubble: given.hideMessageBubble || false,
      isOpen: false,
      position: given.position === 'left' ? 'left' : 'right',
      websiteToken,
      locale: given.useBrowserLanguage ? navigator.language.replace('-', '_') : given.locale,
      useBrowserLanguage: given.useBrowserLanguage || false,
      type: given.type === 'expanded_bubble' ? 'expanded_bubble' : 'standard',
      launcherTitle: given.launcherTitle || '',
      showPopoutButton: given.showPopoutButton || false,
      showUnreadMessagesDialog: given.showUnreadMessagesDialog ?? true,
      widgetStyle: given.widgetStyle === 'flat' ? 'flat' : 'standard',
      resetTriggered: false,
      darkMode: colorScheme(given.darkMode),
      welcomeTitle: given.welcomeTitle || '',
      welcomeDescription: given.welcomeDescription || '',
      availableMessage: given.availableMessage || '',
      unavailableMessage: given.unavailableMessage || '',
      enableFileUpload: given.enableFileUpload,
      enableEmojiPicker: given.enableEmojiPicker ?? true,
      enableEndConversation: given.enableEndConversation ?? true,
      ...methods,
    };
    createFrame();
  };

  page.chatwootSDK = { run };

  /** @param {string} text */
  function fnv1a(text) {
    let hash = 0x6c62272e07bb014262b821756295c58dn;
    for (const byte of new TextEncoder().encode(text)) {
      hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * 0x1000000000000000000013bn);
    }
    return hash.toString(16).padStart(32, '0');
  }

  /** Computes MD5 (RFC 1321), which crypto.subtle does not offer. @param {string} text */
  function md5(text) {
    const bytes = new TextEncoder().encode(text);
    const blocks = (bytes.length + 72) >> 6;
    const data = new DataView(new ArrayBuffer(blocks * 64));
    new Uint8Array(data.buffer).set(bytes);
    data.setUint8(bytes.length, 0x80);
    data.setUint32(blocks * 64 - 8, bytes.length * 8, true);
    const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
    const shifts = [
      [7, 12, 17, 22],
      [5, 9, 14, 20],
      [4, 11, 16, 23],
      [6, 10, 15, 21],
    ];
    for (let block = 0; block < blocks; block += 1) {
      let [a, b, c, d] = state;
      for (let step = 0; step < 64; step += 1) {
        const round = step >> 4;
        const mix = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
        const word = [step, 5 * step + 1, 3 * step + 5, 7 * step][round] % 16;
        const constant = Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32);
        const sum = (a + mix + constant + data.getUint32(block * 64 + word * 4, true)) | 0;
        const shift = shifts[round][step % 4];
        [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
      }
      [a, b, c, d].forEach((value, index) => {
        state[index] = (state[index] + value) | 0;
      });
    }
    const digest = new DataView(new ArrayBuffer(16));
    state.forEach((value, index) => {
      digest.setInt32(index * 4, value, true);
    });
    return Array.from(new Uint8Array(digest.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
})();
