import { describe, expect, it } from 'vitest';
import { TranslationError } from '../../../../../src/core/errors/reply-errors.ts';
import { encodeConversation, thrownBy } from '../support.ts';

const blocksOf = (parts: readonly unknown[]) => {
  const { messages, drops } = encodeConversation([{ role: 'user', content: parts }]);
  return { blocks: (messages as { content: unknown }[])[0]?.content, drops };
};
const image = (url: string) => ({ type: 'image_url', image_url: { url } });
const base64 = (media_type: string, data: string) => ({ type: 'base64', media_type, data });

describe('images', () => {
  it.each([
    ['data:image/png;base64,iVBORw0K', base64('image/png', 'iVBORw0K')],
    ['data:image/png;name=a.png;charset=utf-8;base64,iVBORw0K', base64('image/png', 'iVBORw0K')],
    ['DATA:image/WEBP;BASE64,iVBORw0K', base64('image/webp', 'iVBORw0K')],
    ['data:image/jpg;base64,/9j/4AA%3D', base64('image/jpeg', '/9j/4AA=')],
    ['data:image/gif,GIF%38%00', base64('image/gif', 'R0lGOAA=')],
    ['https://example.com/cat.png', { type: 'url', url: 'https://example.com/cat.png' }],
  ])('sends %s', (url, source) => {
    expect(blocksOf([image(url)])).toEqual({ blocks: [{ type: 'image', source }], drops: [] });
  });

  it('takes a bare URL as image_url, and keeps its cache mark', () => {
    const part = { type: 'image_url', image_url: 'https://a.b/c.png', cache_control: { type: 'ephemeral', ttl: '1h' } };
    expect(blocksOf([part]).blocks).toEqual([
      {
        type: 'image',
        source: { type: 'url', url: 'https://a.b/c.png' },
        cache_control: { type: 'ephemeral', ttl: '1h' },
      },
    ]);
  });

  it('reports a detail, which Anthropic has not', () => {
    const part = { type: 'image_url', image_url: { url: 'https://a.b/c.png', detail: 'low' } };
    expect(blocksOf([part]).drops).toEqual(['messages[0].content[0].image_url.detail']);
    expect(blocksOf([{ ...part, image_url: { url: 'https://a.b/c.png', detail: 'auto' } }]).drops).toEqual([]);
  });

  it.each([
    'gs://bucket/cat.png',
    'data:image/png',
    'data:image/svg+xml;base64,AAAA',
    'data:constructor;base64,AAAA',
    '',
  ])('refuses %j', (url) => {
    const error = thrownBy(() => blocksOf([{ type: 'text', text: 'a' }, image(url)]));
    expect(error).toBeInstanceOf(TranslationError);
    expect(error).toMatchObject({ param: 'messages[0].content[1].image_url.url' });
  });
});

describe('files', () => {
  const pdf = { type: 'document', source: base64('application/pdf', 'JVBERi0=') };
  it.each([
    ['a PDF data URL', { file_data: 'data:application/pdf;base64,JVBERi0=' }, pdf],
    ['bare base64', { file_data: 'JVBERi0=', filename: 'a.pdf' }, { ...pdf, title: 'a.pdf' }],
    ['bare base64 without a name', { file_data: 'JVBERi0=' }, pdf],
    [
      'text',
      { file_data: 'data:text/plain;charset=utf-8;base64,SMOpbGxv', filename: 'a.txt' },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Héllo' }, title: 'a.txt' },
    ],
    [
      'text in bare base64 named .md',
      { file_data: 'IyBI', filename: 'read.me.md' },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: '# H' }, title: 'read.me.md' },
    ],
    ['an image', { file_data: 'data:image/png;base64,AAAA' }, { type: 'image', source: base64('image/png', 'AAAA') }],
    [
      'a URL',
      { file_url: 'https://a.b/c.pdf' },
      { type: 'document', source: { type: 'url', url: 'https://a.b/c.pdf' } },
    ],
    [
      'the URL of an image',
      { file_url: 'https://a.b/c.png?x=1' },
      { type: 'image', source: { type: 'url', url: 'https://a.b/c.png?x=1' } },
    ],
    [
      'a URL with a type',
      { file_url: 'https://a.b/c', mime_type: 'image/webp' },
      { type: 'image', source: { type: 'url', url: 'https://a.b/c' } },
    ],
    ['a file ID', { file_id: 'file_1' }, { type: 'document', source: { type: 'file', file_id: 'file_1' } }],
    [
      'citations and context',
      { file_id: 'file_1', citations: { enabled: true }, context: 'Old.', title: 'T' },
      {
        type: 'document',
        source: { type: 'file', file_id: 'file_1' },
        citations: { enabled: true },
        context: 'Old.',
        title: 'T',
      },
    ],
  ])('sends %s', (_, file, block) => {
    expect(blocksOf([{ type: 'file', file }]).blocks).toEqual([block]);
  });

  it('reads a PDF sent as an image', () => {
    expect(blocksOf([image('data:application/pdf;base64,JVBERi0=')]).blocks).toEqual([pdf]);
  });

  it('keeps a cache mark', () => {
    const part = { type: 'file', file: { file_id: 'f' }, cache_control: { type: 'ephemeral' } };
    expect(blocksOf([part]).blocks).toEqual([
      { type: 'document', source: { type: 'file', file_id: 'f' }, cache_control: { type: 'ephemeral' } },
    ]);
  });

  it.each([
    [{}, 'messages[0].content[0].file'],
    [undefined, 'messages[0].content[0].file'],
    [{ file_url: 's3://a/b' }, 'messages[0].content[0].file.file_url'],
    [{ file_data: 'data:application/zip;base64,AAAA' }, 'messages[0].content[0].file.file_data'],
    [{ file_data: '%%%', filename: 'a.txt' }, 'messages[0].content[0].file.file_data'],
  ])('refuses %j', (file, param) => {
    expect(thrownBy(() => blocksOf([{ type: 'file', file }]))).toMatchObject({ param, kind: 'translation' });
  });
});

describe('other parts', () => {
  it('refuses audio', () => {
    const part = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
    expect(thrownBy(() => blocksOf([part]))).toMatchObject({ param: 'messages[0].content[0]', kind: 'translation' });
  });

  it('passes blocks in Anthropic’s own shape', () => {
    const blocks = [
      { type: 'document', source: { type: 'content', content: 'x' }, citations: { enabled: true } },
      { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'x' }] },
      { type: 'container_upload', file_id: 'f' },
    ];
    expect(blocksOf(blocks).blocks).toEqual(blocks);
  });

  it.each([
    [{ mode: 'explicit' }, { type: 'ephemeral' }, []],
    [{ mode: 'explicit', ttl: '30m' }, { type: 'ephemeral', ttl: '1h' }, []],
    [
      { mode: 'explicit', ttl: '12h' },
      { type: 'ephemeral', ttl: '1h' },
      ['messages[0].content[0].prompt_cache_breakpoint.ttl'],
    ],
  ])('turns the cache breakpoint %j into a mark', (prompt_cache_breakpoint, cache_control, drops) => {
    expect(blocksOf([{ type: 'text', text: 'a', prompt_cache_breakpoint }])).toEqual({
      blocks: [{ type: 'text', text: 'a', cache_control }],
      drops,
    });
  });
});
