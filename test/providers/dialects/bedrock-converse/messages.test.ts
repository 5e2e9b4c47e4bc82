import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { encode, models } from './support.ts';

const hi = [{ role: 'user', content: 'hi' }];
const hiTurn = { role: 'user', content: [{ text: 'hi' }] };
const turns = (messages: readonly unknown[], model: string = models.claude) =>
  encode({ messages }, { model }).body.messages;
const userContent = (content: unknown, model: string = models.claude) =>
  (turns([{ role: 'user', content }], model) as { content: JsonObject[] }[])[0]?.content;

describe('address', () => {
  it.each([
    [models.claude, false, '/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse'],
    [models.nova, true, '/model/us.amazon.nova-pro-v1%3A0/converse-stream'],
    [
      models.profile,
      false,
      '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fabc123/converse',
    ],
  ])('of %s, stream %s', (model, stream, path) => {
    expect(encode({ messages: hi }, { model, stream }).wire).toEqual({ path, body: { messages: [hiTurn] } });
  });

  it('needs a model', () => {
    expect(() => encode({ messages: hi }, { model: '' })).toThrow(
      expect.objectContaining({
        name: 'TranslationError',
        param: 'model',
        message: '400 model is missing: Bedrock wants a model ID, an inference profile or an ARN.',
      }),
    );
  });
});

describe('system', () => {
  it('gathers system and developer messages wherever they stand', () => {
    const { body } = encode({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hi' },
        { role: 'developer', content: [{ type: 'text', text: 'Speak French.' }] },
      ],
    });
    expect(body).toEqual({ system: [{ text: 'Be brief.' }, { text: 'Speak French.' }], messages: [hiTurn] });
  });

  it.each([
    [{ type: 'ephemeral' }, { type: 'default' }],
    [
      { type: 'ephemeral', ttl: '1h' },
      { type: 'default', ttl: '1h' },
    ],
  ])('sets a cache point after a part with cache_control %j', (cache_control, cachePoint) => {
    const { body } = encode({
      messages: [
        {
          role: 'system',
          content: [
            { type: 'text', text: 'Long.', cache_control },
            { type: 'text', text: 'Short.' },
          ],
        },
        ...hi,
      ],
    });
    expect(body.system).toEqual([{ text: 'Long.' }, { cachePoint }, { text: 'Short.' }]);
  });
});

describe('turns', () => {
  it('joins neighbours of one role and leaves out what is empty', () => {
    expect(
      turns([
        { role: 'user', content: 'one' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'two' },
            { type: 'text', text: ' \n' },
          ],
        },
        { role: 'assistant', content: '' },
        { role: 'user', content: 'three' },
        { role: 'assistant', content: 'four' },
        { role: 'assistant', content: null, refusal: 'No.' },
        { role: 'user', content: '  ' },
      ]),
    ).toEqual([
      { role: 'user', content: [{ text: 'one' }, { text: 'two' }, { text: 'three' }] },
      { role: 'assistant', content: [{ text: 'four' }, { text: 'No.' }] },
    ]);
  });

  it('joins the results of parallel calls with what the user says next', () => {
    expect(
      turns([
        ...hi,
        {
          role: 'assistant',
          content: 'Let me look.',
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
            { id: 'c2', type: 'function', function: { name: 'time', arguments: '' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: '{"celsius":12345678901234567890}' },
        { role: 'tool', tool_call_id: 'c2', content: 'clock is broken', is_error: true },
        { role: 'user', content: 'Well?' },
      ]),
    ).toEqual([
      hiTurn,
      {
        role: 'assistant',
        content: [
          { text: 'Let me look.' },
          { toolUse: { toolUseId: 'c1', name: 'weather', input: { city: 'Oslo' } } },
          { toolUse: { toolUseId: 'c2', name: 'time', input: {} } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'c1', content: [{ text: '{"celsius":12345678901234567890}' }] } },
          { toolResult: { toolUseId: 'c2', content: [{ text: 'clock is broken' }], status: 'error' } },
          { text: 'Well?' },
        ],
      },
    ]);
  });

  it('sends results as text, JSON, images and documents, an empty one as nothing, and no status where it is not known', () => {
    const result = (id: string, content: unknown, extra = {}) => ({
      role: 'tool',
      tool_call_id: id,
      content,
      ...extra,
    });
    expect(
      turns(
        [
          result('a', [
            { type: 'text', text: 'see' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
          ]),
          result('b', { celsius: 4 }),
          result('c', [
            { type: 'json', json: [1] },
            { type: 'file', file: { file_data: 'data:application/pdf;base64,AA==', filename: 'r.pdf' } },
          ]),
          result('d', ''),
          result('e', 'no', { status: 'error' }),
        ],
        models.llama,
      ),
    ).toEqual([
      {
        role: 'user',
        content: [
          {
            toolResult: {
              toolUseId: 'a',
              content: [{ text: 'see' }, { image: { format: 'png', source: { bytes: 'AA==' } } }],
            },
          },
          { toolResult: { toolUseId: 'b', content: [{ json: { celsius: 4 } }] } },
          {
            toolResult: {
              toolUseId: 'c',
              content: [{ json: [1] }, { document: { format: 'pdf', name: 'r', source: { bytes: 'AA==' } } }],
            },
          },
          { toolResult: { toolUseId: 'd', content: [] } },
          { toolResult: { toolUseId: 'e', content: [{ text: 'no' }] } },
        ],
      },
    ]);
  });

  it('puts the cache point of a result after the result', () => {
    const content = [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }];
    expect(turns([{ role: 'tool', tool_call_id: 'a', content }])).toEqual([
      {
        role: 'user',
        content: [{ toolResult: { toolUseId: 'a', content: [{ text: 'x' }] } }, { cachePoint: { type: 'default' } }],
      },
    ]);
  });

  it('reads the deprecated functions as tools', () => {
    const { body } = encode({
      messages: [
        ...hi,
        { role: 'assistant', content: null, function_call: { name: 'time', arguments: '{}' } },
        { role: 'function', name: 'time', content: 'noon' },
        { role: 'assistant', content: null, function_call: { name: 'time', arguments: '{}' } },
        { role: 'function', name: 'time', content: 'one' },
      ],
      functions: [{ name: 'time', parameters: { type: 'object', properties: {} } }],
      function_call: { name: 'time' },
    });
    expect(body).toEqual({
      messages: [
        hiTurn,
        { role: 'assistant', content: [{ toolUse: { toolUseId: 'function_call_1', name: 'time', input: {} } }] },
        { role: 'user', content: [{ toolResult: { toolUseId: 'function_call_1', content: [{ text: 'noon' }] } }] },
        { role: 'assistant', content: [{ toolUse: { toolUseId: 'function_call_2', name: 'time', input: {} } }] },
        { role: 'user', content: [{ toolResult: { toolUseId: 'function_call_2', content: [{ text: 'one' }] } }] },
      ],
      toolConfig: {
        tools: [{ toolSpec: { name: 'time', inputSchema: { json: { type: 'object', properties: {} } } } }],
        toolChoice: { tool: { name: 'time' } },
      },
    });
  });
});

describe('IDs of tool calls', () => {
  const idOf = (id: string, model: string) => {
    const [turn] = turns([{ role: 'tool', tool_call_id: id, content: 'x' }], model) as [{ content: [JsonObject] }];
    return (turn.content[0].toolResult as JsonObject).toolUseId;
  };

  it.each([
    [models.claude, 'call_abc-1', 'call_abc-1'],
    [models.claude, 'a.b', 'a_2eb'],
    [models.claude, 'a:b', 'a_3ab'],
    [models.claude, `${'x'.repeat(70)}y`, `${'x'.repeat(63)}y`],
    [models.mistral, 'tooluse_bpe71yCfRu2b5i-nKGDr5g', '5inKGDr5g'],
    [models.mistral, 'c1', '0000000c1'],
  ])('on %s %s is sent as %s', (model, id, sent) => {
    expect(idOf(id, model)).toBe(sent);
  });
});

describe('thinking of earlier turns', () => {
  const thinking_blocks = [
    { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
    { type: 'redacted_thinking', data: 'b64=' },
    { type: 'thinking', thinking: 'unsigned' },
  ];
  const sent = [
    { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'sig' } } },
    { reasoningContent: { redactedContent: 'b64=' } },
  ];

  it.each<[string, JsonObject]>([
    ['thinking_blocks', { thinking_blocks, content: 'Yes.' }],
    [
      "Portkey's content_blocks",
      { content_blocks: [...thinking_blocks, { type: 'text', text: 'Yes.' }], content: 'Yes.' },
    ],
    [
      "Portkey's streamed content_blocks",
      { content_blocks: thinking_blocks.map((delta, index) => ({ index, delta })), content: 'Yes.' },
    ],
    ['content parts', { content: [...thinking_blocks, { type: 'text', text: 'Yes.' }] }],
  ])('goes back signed, before the answer, from %s', (_name, message) => {
    expect(turns([{ role: 'assistant', reasoning_content: 'Hm.unsigned', ...message }])).toEqual([
      { role: 'assistant', content: [...sent, { text: 'Yes.' }] },
    ]);
  });

  it('goes with models that take none back', () => {
    expect(turns([{ role: 'assistant', content: 'Yes.', thinking_blocks }], models.nova)).toEqual([
      { role: 'assistant', content: [{ text: 'Yes.' }] },
    ]);
  });
});

describe('media', () => {
  it.each<[string, unknown, JsonObject]>([
    [
      'a PNG',
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
      { image: { format: 'png', source: { bytes: 'AA==' } } },
    ],
    [
      'a JPEG given plainly',
      { type: 'image_url', image_url: 'data:image/jpg;base64,AA==' },
      { image: { format: 'jpeg', source: { bytes: 'AA==' } } },
    ],
    [
      'a media type with parameters',
      { type: 'image_url', image_url: { url: 'data:image/webp;charset=utf-8;base64,AA==' } },
      { image: { format: 'webp', source: { bytes: 'AA==' } } },
    ],
    [
      'an image in S3',
      { type: 'image_url', image_url: { url: 's3://bucket/a/b.gif' } },
      { image: { format: 'gif', source: { s3Location: { uri: 's3://bucket/a/b.gif' } } } },
    ],
    [
      'an image in S3 whose name does not tell',
      { type: 'image_url', image_url: { url: 's3://bucket/a', mime_type: 'image/png' } },
      { image: { format: 'png', source: { s3Location: { uri: 's3://bucket/a' } } } },
    ],
    [
      'a video',
      { type: 'video_url', video_url: { url: 'data:video/mp4;base64,AA==' } },
      { video: { format: 'mp4', source: { bytes: 'AA==' } } },
    ],
    [
      'a video in S3',
      { type: 'video_url', video_url: { url: 's3://bucket/v.3gp' } },
      { video: { format: 'three_gp', source: { s3Location: { uri: 's3://bucket/v.3gp' } } } },
    ],
    [
      'sound',
      { type: 'input_audio', input_audio: { data: 'AA==', format: 'mp3' } },
      { audio: { format: 'mp3', source: { bytes: 'AA==' } } },
    ],
    ["Bedrock's own block", { guardContent: { text: { text: 'x' } } }, { guardContent: { text: { text: 'x' } } }],
  ])('%s', (_name, part, block) => {
    expect(userContent([{ type: 'text', text: 'see' }, part])).toEqual([{ text: 'see' }, block]);
  });

  it.each([
    ['application/pdf', 'pdf'],
    ['text/csv', 'csv'],
    ['application/msword', 'doc'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
    ['application/vnd.ms-excel', 'xls'],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
    ['text/html', 'html'],
    ['text/plain', 'txt'],
    ['text/markdown', 'md'],
    ['application/json', 'txt'],
    ['text/x-python', 'txt'],
  ])('a document of type %s has the format %s', (type, format) => {
    expect(
      userContent([
        { type: 'text', text: 'see' },
        { type: 'file', file: { file_data: `data:${type};base64,AA==` } },
      ]),
    ).toEqual([{ text: 'see' }, { document: { format, name: 'document', source: { bytes: 'AA==' } } }]);
  });

  it.each([
    ['annual report.v2_final.pdf', 'annual report-v2-final'],
    ['a   b (1) [x].pdf', 'a b (1) [x]'],
    ['报告.pdf', 'document'],
    [`${'n'.repeat(300)}.pdf`, 'n'.repeat(190)],
  ])('a document called %s is sent as %s', (filename, name) => {
    const file = { type: 'file', file: { file_data: 'AA==', filename } };
    expect(userContent([{ type: 'text', text: 'see' }, file])).toEqual([
      { text: 'see' },
      { document: { format: 'pdf', name, source: { bytes: 'AA==' } } },
    ]);
  });

  it('gives no name twice in a request, and text to a message that is documents only', () => {
    const file = { type: 'file', file: { file_data: 'data:application/pdf;base64,AA==', filename: 'a.pdf' } };
    const inS3 = { type: 'file', file: { file_url: 's3://bucket/a.docx' } };
    expect(
      turns([
        { role: 'user', content: [file, file] },
        { role: 'assistant', content: 'ok' },
        { role: 'user', content: [inS3] },
      ]),
    ).toEqual([
      {
        role: 'user',
        content: [
          { document: { format: 'pdf', name: 'a', source: { bytes: 'AA==' } } },
          { document: { format: 'pdf', name: 'a (2)', source: { bytes: 'AA==' } } },
          { text: 'a' },
        ],
      },
      { role: 'assistant', content: [{ text: 'ok' }] },
      {
        role: 'user',
        content: [
          { document: { format: 'docx', name: 'a (3)', source: { s3Location: { uri: 's3://bucket/a.docx' } } } },
          { text: 'a (3)' },
        ],
      },
    ]);
  });
});

describe('what cannot be said is refused with its place', () => {
  const call = (args: string) => ({
    role: 'assistant',
    tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: args } }],
  });
  const part = (value: unknown) => ({ role: 'user', content: [{ type: 'text', text: 'x' }, value] });

  it.each<[message: unknown, param: string, text: string]>([
    [call('{"a":'), 'messages[1].tool_calls[0].function.arguments', 'must be a JSON object, but it is not valid JSON.'],
    [call('[1]'), 'messages[1].tool_calls[0].function.arguments', 'must be a JSON object, but it is [1].'],
    [
      { role: 'assistant', tool_calls: [{ id: 'c1', type: 'custom', custom: {} }] },
      'messages[1].tool_calls[0]',
      'must be a call of a function: Bedrock knows no other kind.',
    ],
    [{ role: 'tool', content: 'x' }, 'messages[1].tool_call_id', 'must be the ID of the tool call.'],
    [{ role: 'critic', content: 'x' }, 'messages[1].role', 'must be one of system, developer, user, assistant, tool.'],
    [
      part({ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }),
      'messages[1].content[1].image_url.url',
      'must be a data: URL (data:image/png;base64,…) or a place in S3 (s3://bucket/key): Bedrock fetches nothing from the web.',
    ],
    [
      part({ type: 'file', file: { file_id: 'file-1' } }),
      'messages[1].content[1].file.file_id',
      'cannot be sent: Bedrock keeps no files. Send file_data, or file_url with s3://.',
    ],
    [
      part({ type: 'item_reference', id: 'x' }),
      'messages[1].content[1].type',
      'is "item_reference". Bedrock takes text, refusal, image_url, video_url, input_audio, file, json, thinking, redacted_thinking.',
    ],
    [{ role: 'user', content: 7 }, 'messages[1].content', 'must be a string or a list of content parts.'],
    [
      {
        role: 'tool',
        tool_call_id: 'a',
        content: [{ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }],
      },
      'messages[1].content',
      'holds sound, which a tool result cannot on Bedrock.',
    ],
  ])('%j', (message, param, text) => {
    expect(() => turns([...hi, message])).toThrow(
      expect.objectContaining({ name: 'TranslationError', param, message: `400 ${param} ${text}` }),
    );
  });

  it('a format Bedrock does not take', () => {
    expect(() => userContent([{ type: 'image_url', image_url: { url: 'data:image/tiff;base64,AA==' } }])).toThrow(
      /^400 messages\[0\]\.content\[0\]\.image_url\.url has the media type "image\/tiff", which Bedrock does not take\. Valid: image\/jpeg, /,
    );
  });

  it('never shows a URL, which may hold a signature', () => {
    const url = 'https://example.com/a.png?sig=s3cr3t';
    expect(() => userContent([{ type: 'image_url', image_url: { url } }])).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cr3t') }),
    );
  });
});

it('reports what a model does not take: names, image detail, cache points', () => {
  const { dropped } = encode(
    {
      messages: [
        {
          role: 'user',
          name: 'Ann',
          content: [
            { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
          ],
        },
      ],
    },
    { model: models.llama },
  );
  expect(dropped).toEqual([
    'messages[0].name',
    'messages[0].content[0].cache_control',
    'messages[0].content[1].image_url.detail',
  ]);
});
