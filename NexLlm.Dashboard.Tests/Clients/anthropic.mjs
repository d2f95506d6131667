// Anthropic's own client with nothing set but what .env says. Each scenario prints what a program would see, as JSON.
import Anthropic, { APIError } from '@anthropic-ai/sdk';

let requests = 0;
const client = new Anthropic({ fetch: (...call) => { requests++; return fetch(...call); } });
const model = 'nexllm-echo';
const question = { max_tokens: 256, messages: [{ role: 'user', content: 'one two three four' }] };
const weather = { name: 'weather', description: 'The weather of a city', input_schema: { type: 'object', properties: { city: { type: 'string' } } } };

const tokens = ({ usage }) => usage.input_tokens + usage.output_tokens;

const scenarios = {
  async message() {
    const answer = await client.messages.create({ model, ...question });
    return { text: answer.content[0].text, stop: answer.stop_reason, tokens: tokens(answer), id: answer._request_id };
  },

  async stream() {
    const pieces = [];
    const stream = client.messages.stream({ model, ...question }).on('text', piece => pieces.push(piece));
    const answer = await stream.finalMessage();
    return { text: answer.content[0].text, pieces: pieces.length, stop: answer.stop_reason, tokens: tokens(answer) };
  },

  async tools() {
    const answer = await client.messages.create({ ...question, model: 'claude-9', tools: [weather] });
    const use = answer.content.find(part => part.type === 'tool_use');
    const end = await client.messages.create({
      ...question, model: 'claude-9', tools: [weather],
      messages: [...question.messages, { role: 'assistant', content: answer.content }, { role: 'user', content: [{ type: 'tool_result', tool_use_id: use.id, content: 'sunny' }] }],
    });
    return { stop: answer.stop_reason, city: use.input.city, text: end.content[0].text };
  },

  async beta() {
    const answer = await client.beta.messages.create({ model, ...question, betas: ['context-management-2025-06-27'] });
    return { text: answer.content[0].text };
  },

  async countTokens() {
    const { max_tokens, ...counted } = question;
    return { tokens: (await client.messages.countTokens({ model, ...counted })).input_tokens };
  },

  async models() {
    const ids = [];
    for await (const one of client.models.list()) ids.push(one.id);
    return { ids, one: (await client.models.retrieve(model)).id };
  },

  wrongModel: () => refused(client.messages.create({ model: 'claude-0', ...question })),
  wrongKey: () => refused(client.withOptions({ apiKey: `${client.apiKey.slice(0, -1)}_` }).messages.create({ model, ...question })),
  noQuota: () => refused(client.messages.create({ model, ...question })),
};

async function refused(call) {
  try {
    await call;
    return { status: 200, requests };
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return { status: error.status, type: error.type, message: error.message, id: error.requestID, requests };
  }
}

console.log(JSON.stringify(await scenarios[process.argv[2]]()));
