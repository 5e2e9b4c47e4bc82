import { Portkey } from 'modelmux';
import { expect, it } from 'vitest';
import { InvalidRequestError } from '../../src/index.ts';
import { errorOf, hello, simulated } from '../support/simulated.ts';
import { recordingServer } from './recording-server.ts';

const simulator = simulated();
const client = () => simulator.client(simulator.target('openai'));

it('stands with every record of its trace, whether it came before or after', async () => {
  const portkey = client();
  await portkey.feedback.create({ traceID: 't', value: 5 });
  await portkey.chat.completions.create(hello, { traceID: 't' });
  await portkey.chat.completions.create(hello, { traceID: 't' });
  await portkey.chat.completions.create(hello, { traceID: 'other' });
  const answer = await portkey.feedback.create({
    traceID: 't',
    value: -10,
    weight: 0.5,
    metadata: { by: 'Zoë', n: 1 },
  });
  expect(answer).toEqual({
    status: 'success',
    message: 'Feedback successfully saved',
    feedback_id: [expect.stringMatching(/^.{21}$/)],
  });
  const { data } = await portkey.logs.list();
  expect(
    data.map(({ traceId, feedback }) => [
      traceId,
      feedback.map(({ value, weight, metadata }) => [value, weight, metadata]),
    ]),
  ).toEqual([
    ['other', []],
    [
      't',
      [
        [5, 1, {}],
        [-10, 0.5, { by: 'Zoë', n: '1' }],
      ],
    ],
    [
      't',
      [
        [5, 1, {}],
        [-10, 0.5, { by: 'Zoë', n: '1' }],
      ],
    ],
  ]);
});

it('can be given for several traces at once, and changed', async () => {
  const portkey = client();
  await portkey.chat.completions.create(hello, { traceID: 'a' });
  const { feedback_id: given } = await portkey.feedback.create([
    { traceID: 'a', value: 1 },
    { traceID: 'b', value: 2 },
  ]);
  expect(given).toHaveLength(2);
  const changed = await portkey.feedback.update({ feedbackID: given[0] ?? '', value: 9 });
  expect(changed).toEqual({ status: 'success', message: 'Feedback successfully updated', feedback_id: [given[0]] });
  const { data } = await portkey.logs.list({ traceId: 'a' });
  expect(data[0]?.feedback).toMatchObject([{ traceId: 'a', value: 9, weight: 1 }]);
});

it.each<readonly [string, object, string]>([
  ['no trace', { value: 1 }, '"traceID" is the trace that the feedback is about.'],
  ['a value beyond 10', { traceID: 't', value: 11 }, '"value" is a whole number from -10 to 10.'],
  ['half a value', { traceID: 't', value: 0.5 }, '"value" is a whole number from -10 to 10.'],
  ['a weight beyond 1', { traceID: 't', value: 1, weight: 2 }, '"weight" is a number from 0 to 1.'],
  ['metadata as a list', { traceID: 't', value: 1, metadata: [] }, '"metadata" is an object'],
])('refuses %s', async (_, body, message) => {
  const error = await errorOf(client().feedback.create(body as never), InvalidRequestError);
  expect(error.message).toContain(message);
});

it('refuses to change what it does not know', async () => {
  const error = await errorOf(client().feedback.update({ feedbackID: 'f', value: 1 }), InvalidRequestError);
  expect(error.message).toContain('There is no feedback "f".');
});

it('goes to the gateway of a client that has one, as do questions to its logs', async () => {
  await using server = await recordingServer(({ method, url }) => {
    if (url.startsWith('/v1/logs/none')) return { json: { error: { message: 'none' } }, status: 404 };
    if (url === '/v1/logs/r1') return { json: { id: 'r1' } };
    if (url.startsWith('/v1/logs')) {
      const isFirst = !url.includes('after=');
      return {
        json: {
          object: 'list',
          data: [{ id: isFirst ? 'r2' : 'r1' }],
          has_more: isFirst,
          next: isFirst ? '5_r2' : null,
        },
      };
    }
    return { json: { status: 'success', message: method, feedback_id: [url] } };
  });
  const portkey = new Portkey({ baseURL: server.url, apiKey: 'pk' });
  expect(await portkey.feedback.create({ traceID: 't', value: 1, metadata: { a: 'b' } })).toEqual({
    status: 'success',
    message: 'POST',
    feedback_id: ['/v1/feedback'],
  });
  await portkey.feedback.update({ feedbackID: 'f/1', value: 2 });
  const ids: string[] = [];
  const query = { traceID: 't', status: [429, 500], metadata: { a: 'ü' }, from: new Date(0), limit: 1 };
  for await (const { id } of portkey.logs.list(query)) ids.push(id);
  expect(ids).toEqual(['r2', 'r1']);
  expect(await portkey.logs.get('r1')).toEqual({ id: 'r1' });
  expect(await portkey.logs.get('none')).toBeNull();
  const search =
    'trace_id=t&status=429%2C500&metadata=%7B%22a%22%3A%22%C3%BC%22%7D&from=1970-01-01T00%3A00%3A00.000Z&limit=1';
  expect(server.received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/v1/feedback', { trace_id: 't', value: 1, metadata: { a: 'b' } }],
    ['PUT', '/v1/feedback/f%2F1', { value: 2 }],
    ['GET', `/v1/logs?${search}`, undefined],
    ['GET', `/v1/logs?${search}&after=5_r2`, undefined],
    ['GET', '/v1/logs/r1', undefined],
    ['GET', '/v1/logs/none', undefined],
  ]);
});
