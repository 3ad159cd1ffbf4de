// @ts-check
import escapeHtml from 'escape-html';
import { products } from './products.js';
import { users } from './users.js';

/**
 * Renders the app's only page.
 *
 * @param {typeof users[number] | null} user the signed-in user
 * @param {{ baseUrl?: string | undefined }} inbox the inbox, whose address the page links to
 */
export const page = (user, { baseUrl = '' }) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Paper &amp; Ink</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/style.css" />
    <script src="/chat.js" defer></script>
  </head>
  <body>
    <header>
      <strong>Paper &amp; Ink</strong>
      ${user ? account(user) : '<span>Not signed in</span>'}
    </header>
    <main>
      ${user ? welcome(user) : login}
      <section aria-live="polite">
        <h2>Your identity in the chat</h2>
        <p id="chat"${user ? ` data-user="${escapeHtml(`${user.name} (${user.identifier})`)}"` : ''}>One moment...</p>
      </section>
      <h2>For your desk</h2>
      <ul class="products">
        ${products.map(product).join('\n        ')}
      </ul>
      <p class="aside">The agent's side: <a href="${escapeHtml(baseUrl)}" target="_blank">${escapeHtml(baseUrl)}</a></p>
    </main>
  </body>
</html>`;

const login = `<h1>Sign in</h1>
      <p>Choose who you are. A second browser, or a private window, can be another user.</p>
      <form action="/login" method="post" class="choice">
        ${users.map(choice).join('\n        ')}
      </form>`;

/** @param {typeof users[number]} user */
function choice({ identifier, name, email }) {
  return `<button name="user" value="${escapeHtml(identifier)}"><strong>${escapeHtml(name)}</strong>${escapeHtml(email)}</button>`;
}

/** @param {typeof users[number]} user */
function account({ name }) {
  return `<form action="/logout" method="post"><span>${escapeHtml(name)}</span> <button>Sign out</button></form>`;
}

/** @param {typeof users[number]} user */
function welcome({ name }) {
  return `<h1>Hello, ${escapeHtml(name)}</h1>
      <p>Open the chat and write something: it is sent under your name, and the agent can see that it is you.</p>`;
}

/** @param {typeof products[number]} product */
function product({ name, price, picture }) {
  return `<li><svg viewBox="0 0 120 80" aria-hidden="true">${picture}</svg><strong>${escapeHtml(name)}</strong><span>${escapeHtml(price)}</span></li>`;
}
