// Passkeys on the static account pages. The server says what to ask the browser for; what that makes or signs goes back in a form.
const again = 4 * 60_000; // a question is good for five minutes

const text = bytes => bytes && btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

// Not by its own toJSON(), which throws where an extension answers in the browser's place.
const json = ({ id, type, authenticatorAttachment, response }) => JSON.stringify({
  id, rawId: id, type, authenticatorAttachment, clientExtensionResults: {},
  response: {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.(),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: text(response.userHandle),
  },
});

class Refusal extends Error {}

const ask = async (form, signal) => {
  const answer = await fetch(form.dataset.ask, { method: 'POST', body: new URLSearchParams(new FormData(form)), signal });
  if (answer.status === 403) {
    // It comes back here when the person has proved who they are.
    location.assign(form.dataset.confirm);
    await new Promise(() => {});
  }
  if (answer.status === 429) throw new Refusal('Too many attempts. Try again in a moment.');
  if (!answer.ok) throw new Refusal('Something went wrong. Reload the page and try again.');
  return answer.json();
};

const send = (form, credential) => {
  form.querySelector('[data-credential]').value = json(credential);
  form.submit();
};

const tell = (form, words) => {
  const failure = form.querySelector('[data-passkey-failure]');
  failure.textContent = words;
  failure.hidden = words === '';
};

const explain = (error, isNew) =>
  error instanceof Refusal ? error.message
    : error.name === 'InvalidStateError' && isNew ? 'You already have a passkey here. Use another device or password manager.'
      : error.name === 'NotAllowedError' ? (isNew ? 'No passkey was added. Try again.' : 'No passkey was used. Try again, or continue with your email.')
        : error.name === 'SecurityError' ? 'Passkeys don\'t work at this address. Open the dashboard by its host name, over HTTPS.'
          : `Your browser couldn't ${isNew ? 'add' : 'use'} a passkey. Try again, or use another browser.`;

// Offers passkeys in the e-mail field. What waits there is asked anew when it grows old, and when the person comes back to this tab:
// another one may have been asked since, and a browser remembers one question. Held while the button has asked one of its own.
const offering = form => {
  let offer = new AbortController();
  let isHeld = false;
  const start = async () => {
    offer.abort();
    if (isHeld || document.hidden) return;
    const { signal } = offer = new AbortController();
    try {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await ask(form, signal));
      send(form, await navigator.credentials.get({ publicKey, mediation: 'conditional', signal }));
    } catch {
      // Nobody asked for it; the button says what is wrong.
    }
  };
  document.addEventListener('visibilitychange', start);
  setInterval(start, again);
  start();
  return held => {
    isHeld = held;
    return start();
  };
};

for (const form of document.querySelectorAll('[data-passkey]')) {
  const isNew = form.dataset.passkey === 'create';
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
    form.replaceWith(Object.assign(document.createElement('p'), { className: 'help', textContent: 'This browser doesn\'t support passkeys.' }));
    continue;
  }

  let hold;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    hold?.(true);
    tell(form, '');
    try {
      const options = await ask(form);
      send(form, isNew
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }));
    } catch (error) {
      tell(form, explain(error, isNew));
      hold?.(false);
    }
  });
  if (!isNew && await PublicKeyCredential.isConditionalMediationAvailable?.()) hold = offering(form);
}
