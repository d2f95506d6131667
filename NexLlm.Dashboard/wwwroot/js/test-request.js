// Tries a new key: the request of the example, sent from here as a program would send it, and what came of it in words.

/** What the person can do about a refusal, where the gateway's own sentence does not say it. */
const advice = {
  insufficient_account_quota: 'The key is valid. Ask an administrator to add tokens to your account.',
  insufficient_quota: 'Edit the key to add tokens.',
  ip_not_authorized: "The key is valid, but its IP Allowlist doesn't include this browser's address. Run the example from an allowed address.",
  model_not_found: 'Ask an administrator which models are available in the group.',
  no_channel: 'The key is valid. If this keeps happening, ask an administrator to check the channels of its group.',
  upstream_misconfigured: 'The key is valid. Ask an administrator to check the channels of its group.',
  upstream_error: 'The key is valid. If this keeps happening, ask an administrator to check the channels of its group.',
};

const longest = 500;

/** Shows at once that it runs; a second press meanwhile does nothing. */
export async function sendTest(root, button, secret) {
  if (button.ariaDisabled === 'true') return;
  button.ariaDisabled = 'true';
  tell(root, { icon: '#i-clock', fact: `Waiting for ${button.dataset.model}…` });
  tell(root, await outcomeOf(button.dataset, secret));
  button.ariaDisabled = null;
}

async function outcomeOf({ url, body, model, version }, secret) {
  const headers = { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' };
  if (version) headers['anthropic-version'] = version;
  const start = performance.now();
  let response, text;
  try {
    response = await fetch(url, { method: 'POST', headers, body, credentials: 'omit', cache: 'no-store', redirect: 'error' });
    text = await response.text();
  } catch {
    return {
      tone: 'bad', icon: '#i-warning', fact: 'No response',
      said: "Couldn't reach the gateway, or the response was cut off.", advice: 'Check that the server is running and that your reverse proxy forwards /v1.',
    };
  }

  const facts = [response.status, `${Math.round(performance.now() - start)} ms`];
  const answer = parse(text);
  return response.ok && answer ? success(facts, model, answer) : refusal(facts, answer);
}

function success(facts, model, answer) {
  const tokens = tokensOf(answer.usage);
  if (tokens) facts.push(tokens === 1 ? '1 token' : `${tokens.toLocaleString('en')} tokens`);
  const said = textOf(answer);
  return {
    tone: 'good', icon: '#i-check', fact: facts.join(' · '), source: model,
    said: said.length > longest ? `${said.slice(0, longest)}…` : said,
  };
}

function refusal(facts, answer) {
  const { code, type, message } = answer?.error ?? {};
  return {
    tone: 'bad', icon: '#i-warning', fact: facts.join(' · '), source: code ?? type,
    said: message ?? "This response didn't come from the gateway.",
    advice: message ? advice[code] : 'Check the proxy in front of the server.',
  };
}

// The dialects of OpenAI and of Anthropic.
const textOf = answer => String(answer.choices?.[0]?.message?.content ?? answer.content?.find?.(part => part.type === 'text')?.text ?? '');
const tokensOf = usage => usage?.total_tokens ?? (usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0);

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function tell(root, { tone, icon, fact, source, said, advice }) {
  const outcome = root.querySelector('[data-outcome]');
  const part = name => outcome.querySelector(`[data-${name}]`);
  part('tone').className = `status ${tone ?? ''}`;
  part('tone').querySelector('use').setAttribute('href', icon);
  part('fact').textContent = fact;
  for (const [name, text] of Object.entries({ source, said, advice })) {
    part(name).textContent = text ?? '';
    part(name).hidden = !text;
  }
  outcome.hidden = false;
}
