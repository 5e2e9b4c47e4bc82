import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PortkeyError } from '../../src/core/errors/portkey-error.ts';
import { toFile, withFiles } from '../../src/resources/uploads.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uploads-'));
  await writeFile(join(folder, 'speech.mp3'), 'abc');
});
afterAll(() => rm(folder, { recursive: true }));

async function* parts() {
  yield 'a';
  yield new Uint8Array([98]);
  yield new Blob(['c']);
}

const streamOfParts = () =>
  new ReadableStream<string>({
    start(controller) {
      controller.enqueue('ab');
      controller.enqueue('c');
      controller.close();
    },
  });

const response = () =>
  Object.defineProperty(new Response('abc', { headers: { 'content-type': 'audio/mpeg' } }), 'url', {
    value: 'https://host/files/speech.mp3?sig=1#x',
  });

describe('a file', () => {
  it.each<[string, () => Parameters<typeof toFile>[0], string, string]>([
    ['a File', () => new File(['abc'], 'own.mp3', { type: 'audio/mpeg' }), 'own.mp3', 'audio/mpeg'],
    ['a Blob', () => new Blob(['abc'], { type: 'audio/mpeg' }), 'file', 'audio/mpeg'],
    ['bytes', () => new Uint8Array([97, 98, 99]), 'file', ''],
    ['a buffer', () => new Uint8Array([97, 98, 99]).buffer, 'file', ''],
    ['a file stream', () => createReadStream(join(folder, 'speech.mp3')), 'speech.mp3', ''],
    ['an async iterable', parts, 'file', ''],
    ['a readable stream', streamOfParts, 'file', ''],
    ['a named stream', () => ({ name: 'n.wav', type: 'audio/wav', data: streamOfParts() }), 'n.wav', 'audio/wav'],
    ['a response', response, 'speech.mp3', 'audio/mpeg'],
  ])('is read from %s', async (_what, make, name, type) => {
    const file = await toFile(make());
    expect([file.name, file.type, await file.text()]).toEqual([name, type, 'abc']);
  });

  it('takes the name and type given', async () => {
    const file = await toFile(new File(['abc'], 'own.mp3', { type: 'audio/mpeg' }), 'other.wav', { type: 'audio/wav' });
    expect([file.name, file.type, await file.text()]).toEqual(['other.wav', 'audio/wav', 'abc']);
  });

  it('that cannot be read is an error that names it', async () => {
    const error = await toFile(createReadStream(join(folder, 'missing.mp3'))).catch((reason) => reason);
    expect(error).toBeInstanceOf(PortkeyError);
    expect(error.message).toMatch(/^File missing\.mp3 cannot be read: ENOENT/);
  });
});

describe('the body of a multipart request', () => {
  it('has its files read, and the rest as it was', async () => {
    const blob = new Blob(['abc']);
    const rest = { model: 'm', mask: null, options: { name: 'x', data: 'y' } };
    const body = await withFiles({ file: blob, image: [parts(), blob], ...rest }, ['file', 'image', 'mask', 'markup']);
    expect(body).toEqual({ file: blob, image: [expect.any(File), blob], ...rest });
    expect(await (body.image as File[])[0]?.text()).toBe('abc');
  });

  it.each(['/tmp/a.mp3', 7, {}, { name: 'a' }, [[]]])('does not take %j for a file', async (given) => {
    await expect(withFiles({ file: [given] }, ['file'])).rejects.toMatchObject({
      name: 'InvalidRequestError',
      param: 'file',
    });
  });

  it('fails when a file does', async () => {
    const missing = createReadStream(join(folder, 'missing.mp3'));
    await expect(withFiles({ file: missing }, ['file'])).rejects.toThrow('missing.mp3');
  });
});
