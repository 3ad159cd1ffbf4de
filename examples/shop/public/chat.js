// The chat itself needs no line here. This only shows what it says of the visitor.
const data = document.querySelector('#chatwoot-identity');
const identity = data && JSON.parse(data.textContent).identity;
if (!data) say('No chat: the server could not say who you are.');
else if (!identity) say('A visitor without a name.');

addEventListener('chatwoot-identity:connected', () => say(`${identity.name} (${identity.identifier})`));
addEventListener('chatwoot-identity:refused', () => say('Nobody: the chat refused the identity.'));
addEventListener('chatwoot-identity:unavailable', () => say('No chat: it did not load.'));

function say(text) {
  document.querySelector('#chat').textContent = text;
}
