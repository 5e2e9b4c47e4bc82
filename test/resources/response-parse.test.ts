import OpenAI from 'openai';
import { zodTextFormat as theirZodTextFormat } from 'openai/helpers/zod';
import { expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { Portkey } from '../../src/index.ts';
import { UnparsableContentError } from '../../src/resources/parse-errors.ts';
import { zodTextFormat } from '../../src/resources/zod-response-format.ts';
import { simulated } from '../support/simulated.ts';

const simulator = simulated();
const person = z.object({ name: z.string(), age: z.number() });
const ada = { text: '{"name":"Ada","age":36}' };
const ours = () => new Portkey({ config: simulator.target('openai') });
const theirs = () => new OpenAI({ apiKey: 'unused', baseURL: simulator.baseUrl('openai') });

it('parses the text of a response into output_parsed and beside the text', async () => {
  simulator.script('openai', [ada]);
  const body = { model: 'gpt-4o', input: 'Who?', text: { format: zodTextFormat(person, 'person') } };
  const response = await ours().responses.parse(body);
  expectTypeOf(response.output_parsed).toEqualTypeOf<{ name: string; age: number } | null>();
  expect(response.output_parsed).toEqual({ name: 'Ada', age: 36 });
  expect(response.output_text).toBe(ada.text);
  expect(response.output[0]).toMatchObject({ content: [{ type: 'output_text', parsed: { name: 'Ada', age: 36 } }] });
  expect(response.getHeaders().provider).toBe('openai');
  expect(response.attempts).toHaveLength(1);
});

it("sends and gives back what the openai package does, with that package's format", async () => {
  simulator.script('openai', [ada, ada]);
  const body = { model: 'gpt-4o', input: 'Who?', text: { format: theirZodTextFormat(person, 'person') } };
  const got = await ours().responses.parse(body);
  const expected = await theirs().responses.parse(body);
  expectTypeOf(got.output_parsed).toEqualTypeOf<{ name: string; age: number } | null>();
  expect(got.output_parsed).toEqual(expected.output_parsed);
  const [sent, sentByThem] = simulator.requests().map(({ body: sentBody }) => sentBody);
  expect(sent).toEqual(sentByThem);
});

it('sends the schema that the openai package makes', () => {
  const sent = (value: object) =>
    JSON.parse(JSON.stringify(value, (key, member) => (key === '$schema' ? undefined : member)));
  expect(sent(zodTextFormat(person, 'person'))).toEqual(sent(theirZodTextFormat(person, 'person')));
});

it('parses a JSON schema without a parser as JSON, and nothing where none is asked for', async () => {
  simulator.script('openai', [ada, ada]);
  const format = { type: 'json_schema', name: 'person', schema: { type: 'object' } } as const;
  const { output_parsed: some } = await ours().responses.parse({ model: 'gpt-4o', input: 'x', text: { format } });
  expect(some).toEqual({ name: 'Ada', age: 36 });
  expect((await ours().responses.parse({ model: 'gpt-4o', input: 'x' })).output_parsed).toBeNull();
});

it('rejects with what was said when it does not fit', async () => {
  simulator.script('openai', [{ text: '{"name":"Ada"' }]);
  const body = { model: 'gpt-4o', input: 'x', text: { format: zodTextFormat(person, 'person') } };
  await expect(ours().responses.parse(body)).rejects.toBeInstanceOf(UnparsableContentError);
});

it('parses the arguments of a strict function', async () => {
  const call = { name: 'weather', arguments: { city: 'Oslo' } };
  simulator.script('openai', [{ toolCalls: [call] }]);
  const tool = {
    type: 'function',
    name: 'weather',
    strict: true,
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  } as const;
  const { output, output_parsed: parsed } = await ours().responses.parse({
    model: 'gpt-4o',
    input: 'x',
    tools: [{ ...tool, parameters: { ...tool.parameters, required: ['city'] } }],
  });
  expect(output).toContainEqual(expect.objectContaining({ parsed_arguments: { city: 'Oslo' } }));
  expect(parsed).toBeNull();
});

it('iterates models before their list is there, as the openai package does', async () => {
  const ids: string[] = [];
  for await (const { id } of ours().models.list()) ids.push(id);
  expect(ids).toEqual(['config']);
});

it('goes on after done() only when end was reported', async () => {
  const heard: string[] = [];
  const stream = ours().chat.completions.stream({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] });
  stream.on('end', () => heard.push('end'));
  await stream.finalChatCompletion();
  expect(heard).toEqual(['end']);
});
