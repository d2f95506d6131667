// Tries a new key: the request of the example, sent from here as a program would send it, and what came of it in words. The answer
// is streamed, so that it shows as it is written.

/** What the person can do about a refusal, where the gateway's own sentence does not say it. */
const advice = {
  insufficient_account_quota: 'The key is valid. Ask an administrator to add tokens to your account.',
  insufficient_quota: 'Edit the key to add tokens.',
  ip_not_authorized: "The key is valid, but its IP Allowlist doesn't include this browser's address. Run the example from an allowed address.",
  model_not_found: 'Ask an administrator which models are available in the group.',
  no_channel: 'The key is valid. Choose another model, or ask an administrator to check the channels of its group.',
  upstream_misconfigured: 'The key is valid. Choose another model, or ask an administrator to check the channels of its group.',
  upstream_error: 'The key is valid. Choose another model, or ask an administrator to check the channels of its group.',
};

const longest = 2000;

/** Shows at once that it runs; a second press meanwhile does nothing. */
export async function sendTest(root, button, secret) {
  if (button.ariaDisabled === 'true') return;
  button.ariaDisabled = 'true';
  const region = root.querySelector('[data-outcome]').parentElement;
  // Read out once it is complete, and not word by word.
  region.ariaBusy = 'true';
  tell(root, { icon: '#i-clock', fact: `Waiting for ${button.dataset.model}…` });
  tell(root, await outcomeOf(root, button.dataset, secret));
  region.ariaBusy = null;
  button.ariaDisabled = null;
}

async function outcomeOf(root, { url, body, model, version }, secret) {
  const headers = { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' };
  if (version) headers['anthropic-version'] = version;
  const start = performance.now();
  const answer = { said: '', tokens: 0 };
  try {
    const response = await fetch(url, { method: 'POST', headers, body: streaming(body, version), credentials: 'omit', cache: 'no-store', redirect: 'error' });
    const facts = () => [response.status, `${Math.round(performance.now() - start)} ms`];
    if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      return whole(facts, response.ok, model, parse(await response.text()));
    }
    for await (const event of eventsOf(response.body)) {
      if (!root.isConnected) return {};
      if (event.error) return refusal(facts(), event, answer.said);
      add(answer, event);
      if (answer.said) tell(root, { icon: '#i-clock', fact: `${model} is answering…`, said: shortened(answer.said) });
    }
    return success(facts(), model, answer);
  } catch {
    return {
      tone: 'bad', icon: '#i-warning', fact: 'No response', said: answer.said ? `${shortened(answer.said)}\nThe response was cut off.` : "Couldn't reach the gateway, or the response was cut off.",
      advice: 'Check that the server is running and that your reverse proxy forwards /v1.',
    };
  }
}

/** OpenAI's dialect tells what a stream used only if it is asked to. */
const streaming = (body, version) => JSON.stringify({ ...JSON.parse(body), stream: true, ...(version ? {} : { stream_options: { include_usage: true } }) });

/** The events of a stream that is complete; throws if it is cut off. */
async function* eventsOf(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let isComplete = false; ;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? '')).split(/\r\n|\n/);
    rest = done ? '' : lines.pop();
    for (const line of lines) {
      if (!line.startsWith('data:')) continue;
      const event = parse(line.slice(5));
      isComplete ||= line.slice(5).trim() === '[DONE]' || event?.type === 'message_stop' || Boolean(event?.error);
      if (event) yield event;
    }
    if (done && isComplete) return;
    if (done) throw new Error('The stream ended before its last event.');
  }
}

// The dialects of OpenAI and of Anthropic, streamed and whole.
function add(answer, event) {
  answer.said += event.choices?.[0]?.delta?.content ?? event.delta?.text ?? '';
  answer.input = event.message?.usage?.input_tokens ?? answer.input;
  answer.tokens = tokensOf(event.usage && { input_tokens: answer.input, ...event.usage }) || answer.tokens;
}

const textOf = answer => String(answer.choices?.[0]?.message?.content ?? answer.content?.find?.(part => part.type === 'text')?.text ?? '');
const tokensOf = usage => usage?.total_tokens ?? (usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0);

function whole(facts, isOk, model, answer) {
  return isOk && answer ? success(facts(), model, { said: textOf(answer), tokens: tokensOf(answer.usage) }) : refusal(facts(), answer);
}

function success(facts, model, { said, tokens }) {
  if (tokens) facts.push(tokens === 1 ? '1 token' : `${tokens.toLocaleString('en')} tokens`);
  return { tone: 'good', icon: '#i-check', fact: facts.join(' · '), source: model, said: shortened(said) };
}

function refusal(facts, answer, said = '') {
  const { code, type, message } = answer?.error ?? {};
  return {
    tone: 'bad', icon: '#i-warning', fact: facts.join(' · '), source: code ?? type,
    said: [shortened(said), message ?? "This response didn't come from the gateway."].filter(Boolean).join('\n'),
    advice: message ? advice[code] : 'Check the proxy in front of the server.',
  };
}

const shortened = text => text.length > longest ? `${text.slice(0, longest)}…` : text;

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function tell(root, { tone, icon, fact, source, said, advice }) {
  const outcome = root.querySelector('[data-outcome]');
  if (!outcome || !fact) return;
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
