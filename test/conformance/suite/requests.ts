import { expect, it } from 'vitest';
import { deepFreeze } from '../../providers/dialects/support/codec.ts';
import { readAndExpected } from '../readers/index.ts';
import { list, type Wire } from '../readers/turns.ts';
import type { Run } from '../runs.ts';
import type { ChatBody, Stage } from '../stage.ts';
import { fixtureText } from './fixture-text.ts';
import { pixel, reasoningBody, richBody, schemaBody } from './samples.ts';

/** What reaches the provider. */
export function requestSuite(stage: Stage): void {
  it.each<[string, ChatBody]>([
    ['chat-request', richBody],
    ['json-schema-request', schemaBody],
    ['reasoning-request', reasoningBody],
  ])('sends what test/fixtures/providers holds: %s', async (file, body) => {
    stage.reset();
    await stage.create(body);
    const path = `../fixtures/providers/${folderOf(stage.run)}/${file}.json`;
    await expect(fixtureText(requestOf(stage))).toMatchFileSnapshot(path);
  });

  it('sends every message, part, call and result, in order', async () => {
    stage.reset();
    await stage.create(richBody);
    const { read, expected } = readAndExpected(stage.run, stage.sent().body, {
      instructions: ['Answer in German.', 'Be brief.'],
      said: [
        ['user', { text: 'What is the weather where this was taken?' }],
        ['user', { image: pixel }],
        ['assistant', { text: 'I look it up.' }],
        ['assistant', { call: { id: 'call_a', name: 'get_weather', arguments: { city: 'Zürich', days: 2 } } }],
        ['assistant', { call: { id: 'call_b', name: 'get_time', arguments: {} } }],
        ['user', { result: { id: 'call_a', text: 'Sunny, 21 °C' } }],
        ['user', { result: { id: 'call_b', text: '12:00' } }],
        ['user', { text: 'And tomorrow?' }],
      ],
    });
    expect(read).toEqual(expected);
  });

  it.each([
    ['whole', false],
    ['streamed', true],
  ])('leaves the caller’s body as it is: %s', async (_, streams) => {
    stage.reset();
    const body = deepFreeze(structuredClone({ ...richBody }));
    await (streams ? stage.stream(body) : stage.create(body));
    expect(body).toEqual(richBody);
  });

  it('asks for a stream at the same place with the same conversation', async () => {
    stage.reset();
    await stage.stream(richBody);
    const { stream, model, body } = stage.sent();
    stage.reset();
    await stage.create(richBody);
    const whole = stage.sent();
    expect({ stream, model, key: whole.key }).toEqual({ stream: true, model: whole.model, key: keyOf(stage) });
    expect(list((body as Wire).messages)).toEqual(list((whole.body as Wire).messages));
  });
}

/** The folder of a run's fixtures: `azure-openai (v1)` has `azure-openai-v1`. */
export function folderOf({ title }: Run): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/-$/, '');
}

/** The key that a provider should have got: access keys are named by their ID. */
function keyOf({ run }: Stage): string {
  return run.fields.aws_auth_type === 'accessKey' ? 'AKIAEXAMPLE' : 'key-1';
}

/** Headers of HTTP itself, which say nothing of the translation. */
const plumbing = ['host', 'connection', 'content-length', 'accept', 'accept-encoding', 'accept-language', 'user-agent'];
/** Values that change from one request to the next. */
const changing: Readonly<Record<string, RegExp>> = {
  authorization: /(?<=Credential=AKIAEXAMPLE\/)\d{8}|(?<=Signature=)[0-9a-f]{64}/g,
  'x-amz-date': /^\d{8}T\d{6}Z$/g,
  'x-amz-content-sha256': /^[0-9a-f]{64}$/g,
};

function requestOf(stage: Stage): object {
  const { method, path, headers, body } = stage.sent();
  const telling = Object.entries(headers)
    .filter(([name]) => !plumbing.includes(name) && !name.startsWith('sec-'))
    .map(([name, value]) => [name, String(value).replace(changing[name] ?? /$^/, '…')]);
  return { method, path, headers: Object.fromEntries(telling.sort()), body };
}
