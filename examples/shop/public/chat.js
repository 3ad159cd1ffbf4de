// The chat itself needs no line here. This only shows its status.
const chat = document.querySelector('#chat');
const { user } = chat.dataset;
// Before the chat's own script runs, which removes the block.
if (!document.querySelector('#chatwoot-identity')) say('No chat: the server could not say who you are.');
else if (!user) say('A visitor without a name.');

addEventListener('chatwoot-identity:connected', () => say(user));
addEventListener('chatwoot-identity:refused', () => say('Nobody: the chat refused the identity.'));
addEventListener('chatwoot-identity:unavailable', () => say('No chat: it did not load.'));

function say(text) {
  chat.textContent = text;
}
