import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectPath, providerPath } from '../../src/resources/call-path.ts';

describe('the path of an object', () => {
  it.each([
    ['file-1', undefined, '/files/file-1'],
    ['file-1', 'content', '/files/file-1/content'],
    ['a/../b', undefined, '/files/a%2F..%2Fb'],
    ['meta/llama 3?x', undefined, '/files/meta%2Fllama%203%3Fx'],
  ])('holds %s as one segment', (id, below, path) => {
    expect(objectPath('files', id, below)).toBe(path);
  });

  it.each([['', '.', '..', undefined, null, 7]].flat())('is refused for %j', (id) => {
    expect(() => objectPath('files', id)).toThrow('An ID of files must be a text that is not empty');
  });

  it('never leaves its collection', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3 }), (id) => {
        fc.pre(id.isWellFormed());
        const { pathname, search } = new URL(`http://host/v1${objectPath('files', id)}`);
        expect([pathname.split('/').length, pathname.startsWith('/v1/files/'), search]).toEqual([4, true, '']);
      }),
    );
  });
});

describe('a path of the provider', () => {
  it.each(['/', '/models', '/fine_tuning/jobs?limit=2&after=..', '/a%20b/c.d', '/v1..2/x', '/files/...'])(
    'is taken as it is: %s',
    (path) => {
      expect(providerPath(path)).toBe(path);
    },
  );

  it.each([
    ['models', 'does not begin with "/"'],
    ['', 'does not begin with "/"'],
    ['https://evil.invalid/x', 'does not begin with "/"'],
    ['//evil.invalid/x', 'names a host'],
    ['/../admin', 'holds "." or ".."'],
    ['/a/./b', 'holds "." or ".."'],
    ['/a/%2e%2E/b', 'holds "." or ".."'],
    ['/a/.%2e', 'holds "." or ".."'],
    ['/\\evil.invalid', 'holds a backslash'],
    ['/a\n/b', 'control character'],
    ['/.\t./b', 'control character'],
    ['/a b', 'a space'],
    ['/a#b', 'a "#"'],
    [7, 'is not a text'],
  ])('is refused: %j', (path, why) => {
    expect(() => providerPath(path)).toThrow(why);
  });

  it('never leaves host and base', () => {
    const piece = fc.constantFrom('/', '.', '..', '%2e', '\\', '//', 'a', '?', '#', '\t', '@', ':', 'http:', '%2f');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = `/${pieces.join('')}`;
        try {
          providerPath(path);
        } catch {
          return;
        }
        const url = new URL(`http://host/base${path}`);
        expect([url.host, url.pathname.startsWith('/base/')]).toEqual(['host', true]);
      }),
    );
  });
});
