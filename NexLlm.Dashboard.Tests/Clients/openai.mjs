// OpenAI's own client with nothing set but what .env says. Each scenario prints what a program would see, as JSON.
import OpenAI, { APIError, toFile } from 'openai';

let requests = 0;
const client = new OpenAI({ fetch: (...call) => { requests++; return fetch(...call); } });
const model = 'nexllm-echo';
const messages = [{ role: 'user', content: 'one two three four' }];
const weather = {
  type: 'function',
  function: { name: 'weather', description: 'The weather of a city', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

async function all(stream, take) {
  const taken = [];
  for await (const part of stream) taken.push(take(part));
  return taken;
}

const scenarios = {
  async chat() {
    const answer = await client.chat.completions.create({ model, messages });
    return { text: answer.choices[0].message.content, tokens: answer.usage.total_tokens, id: answer._request_id };
  },

  async stream() {
    const parts = await all(await client.chat.completions.create({ model, messages, stream: true }), part => part.choices[0]?.delta.content ?? '');
    return { text: parts.join(''), pieces: parts.filter(part => part).length };
  },

  async usage() {
    const stream = await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } });
    return { tokens: (await all(stream, part => part.usage?.total_tokens)).at(-1) };
  },

  async tools() {
    const asked = [];
    const tool = { ...weather, function: { ...weather.function, parse: JSON.parse, function: ({ city }) => { asked.push(city); return 'sunny'; } } };
    const runner = client.chat.completions.runTools({ model: 'gpt-4o', messages, tools: [tool] });
    return { text: await runner.finalContent(), asked };
  },

  async streamedTools() {
    const stream = client.chat.completions.stream({ model: 'gpt-4o', messages, tools: [weather] });
    const call = (await stream.finalChatCompletion()).choices[0].message.tool_calls[0].function;
    return { name: call.name, city: JSON.parse(call.arguments).city };
  },

  async completion() {
    const answer = await client.completions.create({ model, prompt: 'one two three four', max_tokens: 3 });
    return { text: answer.choices[0].text, tokens: answer.usage.total_tokens };
  },

  async embeddings() {
    const answer = await client.embeddings.create({ model, input: ['one', 'two'] });
    return { lengths: answer.data.map(one => one.embedding.length), first: answer.data[0].embedding[0], tokens: answer.usage.total_tokens };
  },

  async responses() {
    const answer = await client.responses.create({ model, input: 'one two three four' });
    return { text: answer.output_text, tokens: answer.usage.total_tokens };
  },

  async streamedResponses() {
    const events = await all(await client.responses.create({ model, input: 'one two three four', stream: true }), event => event);
    const text = events.filter(event => event.type === 'response.output_text.delta').map(event => event.delta).join('');
    return { text, last: events.at(-1).type, tokens: events.at(-1).response.usage.total_tokens };
  },

  async models() {
    return { ids: await all(client.models.list(), one => one.id), one: (await client.models.retrieve(model)).id };
  },

  async image() {
    const answer = await client.images.generate({ model: 'gpt-4o', prompt: 'A cat' });
    return { image: answer.data[0].b64_json, tokens: answer.usage.total_tokens };
  },

  async editedImage() {
    const image = await toFile(Buffer.from('a picture'), 'cat.png', { type: 'image/png' });
    const answer = await client.images.edit({ model: 'gpt-4o', image, prompt: 'A dog' });
    return { image: answer.data[0].b64_json, tokens: answer.usage.total_tokens };
  },

  async speech() {
    const answer = await client.audio.speech.create({ model: 'gpt-4o', voice: 'alloy', input: 'Hello' });
    return { sound: Buffer.from(await answer.arrayBuffer()).toString() };
  },

  async transcription() {
    const file = await toFile(Buffer.from('a sound'), 'hello.mp3', { type: 'audio/mpeg' });
    return { text: (await client.audio.transcriptions.create({ model: 'gpt-4o', file })).text };
  },

  async translation() {
    const file = await toFile(Buffer.from('a sound'), 'hello.mp3', { type: 'audio/mpeg' });
    return { text: (await client.audio.translations.create({ model: 'gpt-4o', file })).text };
  },

  async moderation() {
    return { flagged: (await client.moderations.create({ model: 'gpt-4o', input: 'Hello' })).results[0].flagged };
  },

  wrongModel: () => refused(client.chat.completions.create({ model: 'gpt-0', messages })),
  wrongKey: () => refused(client.withOptions({ apiKey: `${client.apiKey.slice(0, -1)}_` }).chat.completions.create({ model, messages })),
  noQuota: () => refused(client.chat.completions.create({ model, messages })),
  noQuotaStreamed: () => refused(client.responses.create({ model, input: 'Hi', stream: true })),
};

async function refused(call) {
  try {
    await call;
    return { status: 200, requests };
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return { status: error.status, code: error.code, message: error.message, id: error.requestID, requests };
  }
}

console.log(JSON.stringify(await scenarios[process.argv[2]]()));
