// This script only shows the status of the chat. The chat works without this script.
const chat = document.querySelector('#chat');
const { user } = chat.dataset;
// This script runs before the page script of the chat, which removes the data block.
if (!document.querySelector('#chatwoot-identity'))
  say('The chat is unavailable: the server could not read your session.');
else if (!user) say('You are an anonymous visitor.');

addEventListener('chatwoot-identity:connected', () => say(user));
addEventListener('chatwoot-identity:refused', () => say('The chat refused your identity.'));
addEventListener('chatwoot-identity:unavailable', () => say('The chat did not load.'));

function say(text) {
  chat.textContent = text;
}
