const { baseUrl, websiteToken } = document.currentScript.dataset;

// setUser counts only once the chat is ready; before that it is lost.
addEventListener('chatwoot:ready', async () => {
  const answer = await fetch('/chatwoot/identity');
  if (!answer.ok) {
    if (document.cookie.includes(`cw_user_${websiteToken}=`)) $chatwoot.reset(); // left by an ended session
    return say('A visitor without a name.');
  }
  const { identifier, ...user } = await answer.json();
  $chatwoot.setUser(identifier, user);
  say(`${user.name} (${identifier})`);
});

// Never write the event's detail anywhere: it can hold the visitor's session token.
addEventListener('chatwoot:error', () => say('Nobody: the chat refused the identity.'));

document.querySelector('form[action="/logout"]')?.addEventListener('submit', () => window.$chatwoot?.reset());

window.chatwootSettings = { darkMode: 'auto' };
const sdk = document.createElement('script');
sdk.src = `${baseUrl}/packs/js/sdk.js`;
sdk.onload = () => chatwootSDK.run({ websiteToken, baseUrl });
sdk.onerror = () => say(`No chat: nothing answers at ${baseUrl}.`);
document.body.append(sdk);

function say(text) {
  document.querySelector('#chat').textContent = text;
}
