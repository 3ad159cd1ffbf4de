// @ts-check
/** Reports an event in the page to the shop's server, because drivers lose track of pages that Back restores. */
const note = (/** @type {string} */ line) => navigator.sendBeacon('/note', line);

addEventListener('pageshow', ({ persisted }) => {
  note(`shown ${location.pathname}`);
  if (persisted) note(`restored ${location.pathname}`);
});
addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
  note(`${location.pathname} blocked ${effectiveDirective}`);
});
addEventListener('DOMContentLoaded', () => {
  const connection = /** @type {any} */ (window)[Symbol.for('chatwoot-identity')];
  if (!connection) return; // a page without the chat
  let last = 'idle';
  const look = () => {
    if (connection.status !== last) note(`${location.pathname} ${connection.status}`);
    last = connection.status;
  };
  connection.subscribe(look);
  look();
});
