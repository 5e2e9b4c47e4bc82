import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { CodecScope } from '../../../../src/core/provider.ts';
import { gemini, vertexGemini } from '../../../../src/providers/dialects/gemini/index.ts';
import { deepFreeze, scopeOf } from '../support/codec.ts';

const png = 'data:image/png;base64,iVBORw0KGgo=';
const hi = [{ role: 'user', content: 'hi' }];
const hiContents = [{ role: 'user', parts: [{ text: 'hi' }] }];

function encode(body: JsonObject, options: Partial<CodecScope> = {}, dialect = gemini) {
  const frozen = deepFreeze(body);
  const scope = scopeOf({ ...options, body: frozen });
  const wire = dialect.codecs['chat/completions']?.encode(frozen, scope);
  return { wire, body: wire?.body as JsonObject, dropped: scope.dropped };
}

describe('address', () => {
  it.each([
    ['gemini-2.5-flash', false, '/models/gemini-2.5-flash:generateContent', undefined],
    ['models/gemini-2.5-flash', false, '/models/gemini-2.5-flash:generateContent', undefined],
    ['tunedModels/mine-1', false, '/tunedModels/mine-1:generateContent', undefined],
    ['a/../b?c', false, '/models/a%2F..%2Fb%3Fc:generateContent', undefined],
    ['gemini-2.5-flash', true, '/models/gemini-2.5-flash:streamGenerateContent', { alt: 'sse' }],
  ])('of %s, stream %s, is %s', (model, stream, path, query) => {
    const { wire } = encode({ messages: hi }, { model, stream });
    expect(wire).toEqual({ path, ...(query && { query }), body: { contents: hiContents } });
  });

  it.each(['', 'models/'])('cannot be made of the model "%s"', (model) => {
    expect(() => encode({ messages: hi }, { model })).toThrow(
      expect.objectContaining({ kind: 'translation', param: 'model' }),
    );
  });
});

describe('messages', () => {
  const assistant = {
    role: 'assistant',
    content: 'Let me look.',
    tool_calls: [
      { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
      { id: 'c2', type: 'function', function: { name: 'time', arguments: '' } },
    ],
  };
  const results = [
    { role: 'tool', tool_call_id: 'c1', content: '{"celsius":4}' },
    { role: 'tool', tool_call_id: 'c2', content: 'noon' },
  ];
  const modelTurn = {
    role: 'model',
    parts: [
      { text: 'Let me look.' },
      { functionCall: { id: 'c1', name: 'weather', args: { city: 'Oslo' } } },
      { functionCall: { id: 'c2', name: 'time', args: {} } },
    ],
  };
  const resultTurn = {
    role: 'user',
    parts: [
      { functionResponse: { id: 'c1', name: 'weather', response: { celsius: 4 } } },
      { functionResponse: { id: 'c2', name: 'time', response: { result: 'noon' } } },
    ],
  };

  it('keep every system and developer text, wherever it stands', () => {
    const { body } = encode({
      messages: [
        { role: 'user', content: 'hi' },
        {
          role: 'system',
          content: [
            { type: 'text', text: 'Be' },
            { type: 'text', text: ' brief.' },
          ],
        },
        { role: 'developer', content: 'No emoji.' },
      ],
    });
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: 'Be' }, { text: ' brief.' }, { text: 'No emoji.' }] },
      contents: hiContents,
    });
  });

  it('of the system alone are sent as the user', () => {
    expect(encode({ messages: [{ role: 'system', content: 'Say hi.' }] }).body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Say hi.' }] }],
    });
  });

  it('of one role that follow each other become one turn', () => {
    const { body } = encode({
      messages: [...hi, { role: 'user', content: 'there' }, { role: 'assistant', content: 'yes?' }],
    });
    expect(body.contents).toEqual([
      { role: 'user', parts: [{ text: 'hi' }, { text: 'there' }] },
      { role: 'model', parts: [{ text: 'yes?' }] },
    ]);
  });

  it('keep an assistant’s text beside its calls, and parallel results in one turn, named by their calls', () => {
    expect(encode({ messages: [...hi, assistant, ...results] }).body.contents).toEqual([
      ...hiContents,
      modelTurn,
      resultTurn,
    ]);
  });

  it('bear no call IDs on Vertex AI', () => {
    const { body } = encode({ messages: [...hi, assistant, ...results] }, {}, vertexGemini);
    expect(JSON.stringify(body)).not.toContain('"id"');
    expect((body.contents as unknown[])[2]).toEqual({
      role: 'user',
      parts: [
        { functionResponse: { name: 'weather', response: { celsius: 4 } } },
        { functionResponse: { name: 'time', response: { result: 'noon' } } },
      ],
    });
  });

  it.each([
    ['{"a":1}', undefined, { a: 1 }],
    ['[1,2]', undefined, { result: '[1,2]' }],
    ['"text"', undefined, { result: '"text"' }],
    ['', undefined, { result: '' }],
    ['no such city', true, { error: 'no such city' }],
  ])('give a tool result %s (is_error %s) as %j', (content, is_error, response) => {
    const result = { role: 'tool', tool_call_id: 'c1', content, ...(is_error && { is_error }) };
    expect((encode({ messages: [...hi, assistant, result] }).body.contents as unknown[])[2]).toEqual({
      role: 'user',
      parts: [{ functionResponse: { id: 'c1', name: 'weather', response } }],
    });
  });

  it('give images of a tool result beside its text', () => {
    const content = [
      { type: 'text', text: 'chart' },
      { type: 'image_url', image_url: { url: png } },
    ];
    const { body } = encode({ messages: [...hi, assistant, { role: 'tool', tool_call_id: 'c1', content }] });
    expect((body.contents as unknown[])[2]).toEqual({
      role: 'user',
      parts: [
        {
          functionResponse: {
            id: 'c1',
            name: 'weather',
            response: { result: 'chart' },
            parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }],
          },
        },
      ],
    });
  });

  it('in the retired function form are understood', () => {
    const { body } = encode({
      messages: [
        ...hi,
        { role: 'assistant', content: null, function_call: { name: 'time', arguments: '{}' } },
        { role: 'function', name: 'time', content: 'noon' },
      ],
    });
    expect(body.contents).toEqual([
      ...hiContents,
      { role: 'model', parts: [{ functionCall: { name: 'time', args: {} } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'time', response: { result: 'noon' } } }] },
    ]);
  });

  it('without content are left out', () => {
    const { body } = encode({ messages: [...hi, { role: 'assistant', content: '' }, ...hi] });
    expect(body.contents).toEqual([{ role: 'user', parts: [{ text: 'hi' }, { text: 'hi' }] }]);
  });

  it('give thought signatures back where they came from', () => {
    const signed = (thought_signature: string) => ({ extra_content: { google: { thought_signature } } });
    const { body } = encode(
      {
        messages: [
          ...hi,
          { ...assistant, tool_calls: [{ ...assistant.tool_calls[0], ...signed('s1') }, assistant.tool_calls[1]] },
          ...results,
          { role: 'assistant', content: 'Cold.', ...signed('s2') },
          {
            role: 'assistant',
            content: null,
            images: [{ index: 0, type: 'image_url', image_url: { url: png }, ...signed('s3') }],
          },
          { role: 'assistant', content: null, ...signed('s4') },
        ],
      },
      { model: 'gemini-3-pro-preview' },
    );
    expect(body.contents).toEqual([
      ...hiContents,
      {
        role: 'model',
        parts: [
          { text: 'Let me look.' },
          { functionCall: { id: 'c1', name: 'weather', args: { city: 'Oslo' } }, thoughtSignature: 's1' },
          { functionCall: { id: 'c2', name: 'time', args: {} } },
        ],
      },
      resultTurn,
      {
        role: 'model',
        parts: [
          { text: 'Cold.', thoughtSignature: 's2' },
          { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' }, thoughtSignature: 's3' },
          { text: '', thoughtSignature: 's4' },
        ],
      },
    ]);
  });

  it('of another provider bear the documented placeholder for Gemini 3, on the first call of a step only', () => {
    const { body } = encode({ messages: [...hi, assistant, ...results] }, { model: 'gemini-3-flash-preview' });
    expect((body.contents as { parts: JsonObject[] }[])[1]?.parts.map((part) => part.thoughtSignature)).toEqual([
      undefined,
      'skip_thought_signature_validator',
      undefined,
    ]);
  });

  it.each([
    ['no list', 'hi', 'messages'],
    ['an empty list', [], 'messages'],
    ['nothing to say', [{ role: 'assistant', content: '' }], 'messages'],
    [
      'a system image',
      [{ role: 'system', content: [{ type: 'image_url', image_url: { url: png } }] }],
      'messages[0].content[0]',
    ],
    ['an unknown role', [{ role: 'bot', content: 'hi' }], 'messages[0].role'],
    ['content of a wrong type', [{ role: 'user', content: 3 }], 'messages[0].content'],
    ['a text part without text', [{ role: 'user', content: [{ type: 'text' }] }], 'messages[0].content[0].text'],
    ['a result without its call', [...hi, results[0]], 'messages[1].tool_call_id'],
    [
      'arguments that are no JSON',
      [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{' } }] }],
      'messages[0].tool_calls[0].function.arguments',
    ],
    [
      'arguments that are no object',
      [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '[]' } }] }],
      'messages[0].tool_calls[0].function.arguments',
    ],
    [
      'a custom tool call',
      [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'f', input: '' } }] }],
      'messages[0].tool_calls[0].function.name',
    ],
    ['audio by ID only', [{ role: 'assistant', audio: { id: 'a1' } }], 'messages[0].audio'],
    [
      'a tool result with an address',
      [
        ...hi,
        assistant,
        { ...results[0], content: [{ type: 'image_url', image_url: { url: 'https://x.test/a.png' } }] },
      ],
      'messages[2].content',
    ],
  ])('with %s are refused', (_, messages, param) => {
    expect(() => encode({ messages })).toThrow(expect.objectContaining({ kind: 'translation', status: 400, param }));
  });
});

describe('content parts', () => {
  const inline = (mimeType: string, data: string) => ({ inlineData: { mimeType, data } });
  const file = (fileUri: string, mimeType?: string) => ({ fileData: { ...(mimeType && { mimeType }), fileUri } });
  const upload = 'https://generativelanguage.googleapis.com/v1beta/files/abc';

  it.each([
    [{ type: 'image_url', image_url: { url: png } }, inline('image/png', 'iVBORw0KGgo=')],
    [{ type: 'image_url', image_url: png }, inline('image/png', 'iVBORw0KGgo=')],
    [{ type: 'image_url', image_url: { url: 'data:text/plain,a%20b' } }, inline('text/plain', 'YSBi')],
    [
      { type: 'image_url', image_url: { url: 'https://x.test/a.PNG?s=1#f' } },
      file('https://x.test/a.PNG?s=1#f', 'image/png'),
    ],
    [
      { type: 'image_url', image_url: { url: 'https://x.test/a', mime_type: 'image/webp' } },
      file('https://x.test/a', 'image/webp'),
    ],
    [{ type: 'image_url', image_url: { url: 'gs://bucket/a.jpg' } }, file('gs://bucket/a.jpg', 'image/jpeg')],
    [{ type: 'image_url', image_url: { url: upload } }, file(upload)],
    [{ type: 'video_url', video_url: { url: 'https://youtu.be/xyz' } }, file('https://youtu.be/xyz', 'video/mp4')],
    [{ type: 'video_url', video_url: { url: 'https://x.test/a.mov' } }, file('https://x.test/a.mov', 'video/mov')],
    [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } }, inline('audio/mp3', 'AAAA')],
    [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }, inline('audio/wav', 'AAAA')],
    [{ type: 'file', file: { file_data: 'data:application/pdf;base64,JVBE' } }, inline('application/pdf', 'JVBE')],
    [{ type: 'file', file: { file_data: 'JVBE', filename: 'a.pdf' } }, inline('application/pdf', 'JVBE')],
    [{ type: 'file', file: { file_data: 'JVBE', mime_type: 'application/pdf' } }, inline('application/pdf', 'JVBE')],
    [{ type: 'file', file: { file_id: upload } }, file(upload)],
    [{ type: 'file', file: { file_id: 'gs://b/a.pdf' } }, file('gs://b/a.pdf', 'application/pdf')],
    [{ type: 'file', file: { file_url: 'https://x.test/a.pdf' } }, file('https://x.test/a.pdf', 'application/pdf')],
  ])('%j', (part, expected) => {
    expect(encode({ messages: [{ role: 'user', content: [part] }] }).body).toEqual({
      contents: [{ role: 'user', parts: [expected] }],
    });
  });

  const at = 'messages[0].content[0]';
  it.each([
    [{ type: 'image_url', image_url: { url: 'https://x.test/photo?key=secret' } }, `${at}.image_url.url`, 'mime_type'],
    [{ type: 'image_url', image_url: { url: 'cat.png' } }, `${at}.image_url.url`, 'data: URL'],
    [{ type: 'image_url', image_url: {} }, `${at}.image_url.url`, 'https:'],
    [{ type: 'file', file: { file_id: 'file-abc' } }, `${at}.file.file_id`, 'Files API URI'],
    [{ type: 'file', file: { file_data: 'JVBE' } }, `${at}.file.file_data`, 'filename'],
    [{ type: 'input_audio', input_audio: { format: 'wav' } }, `${at}.input_audio.data`, 'base64'],
    [{ type: 'input_audio', input_audio: { data: 'AAAA' } }, `${at}.input_audio.format`, 'wav'],
    [{ type: 'hologram' }, `${at}.type`, 'image_url'],
    [{ type: 'constructor' }, `${at}.type`, 'image_url'],
  ])('%j is refused at %s with a remedy', (part, param, remedy) => {
    const refused = () => encode({ messages: [{ role: 'user', content: [part] }] });
    expect(refused).toThrow(expect.objectContaining({ kind: 'translation', param }));
    expect(refused).toThrow(remedy);
    expect(refused).not.toThrow('secret');
  });

  it('report a detail that cannot be honoured', () => {
    const content = [{ type: 'image_url', image_url: { url: png, detail: 'low' } }];
    expect(encode({ messages: [{ role: 'user', content }] }).dropped).toEqual(['image_url.detail']);
  });
});

describe('generationConfig', () => {
  it.each<[JsonObject, JsonObject]>([
    [
      { temperature: 0, top_p: 0.9, top_k: 40, n: 2, seed: 7, presence_penalty: 0.5, frequency_penalty: -0.5 },
      {
        temperature: 0,
        topP: 0.9,
        topK: 40,
        candidateCount: 2,
        seed: 7,
        presencePenalty: 0.5,
        frequencyPenalty: -0.5,
      },
    ],
    [{ max_tokens: 10 }, { maxOutputTokens: 10 }],
    [{ max_tokens: 10, max_completion_tokens: 20 }, { maxOutputTokens: 20 }],
    [{ stop: 'END' }, { stopSequences: ['END'] }],
    [{ stop: ['A', 'B'] }, { stopSequences: ['A', 'B'] }],
    [
      { logprobs: true, top_logprobs: 3 },
      { responseLogprobs: true, logprobs: 3 },
    ],
    [{ response_format: { type: 'json_object' } }, { responseMimeType: 'application/json' }],
    [
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'x', strict: true, schema: { $ref: '#/$defs/a', $defs: { a: { type: 'string' } } } },
        },
      },
      {
        responseMimeType: 'application/json',
        responseJsonSchema: { $ref: '#/$defs/a', $defs: { a: { type: 'string' } } },
      },
    ],
    [{ modalities: ['text', 'image'] }, { responseModalities: ['TEXT', 'IMAGE'] }],
    [
      { modalities: ['audio'], audio: { voice: 'Kore', format: 'pcm16' } },
      {
        responseModalities: ['AUDIO'],
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
      },
    ],
    [{ image_config: { aspectRatio: '16:9' } }, { imageConfig: { aspectRatio: '16:9' } }],
    [{ mediaResolution: 'MEDIA_RESOLUTION_LOW' }, { mediaResolution: 'MEDIA_RESOLUTION_LOW' }],
    [{ temperature: 1, generationConfig: { temperature: 0.2 } }, { temperature: 0.2 }],
    [
      { extra_body: { google: { thinking_config: { thinking_budget: 5 } } } },
      { thinkingConfig: { thinking_budget: 5 } },
    ],
    [
      { thinking: { type: 'enabled', budget_tokens: 99 } },
      { thinkingConfig: { includeThoughts: true, thinkingBudget: 99 } },
    ],
    [{ thinking: { type: 'disabled' } }, { thinkingConfig: { thinkingBudget: 0 } }],
    [{ thinking: { thinkingBudget: -1 } }, { thinkingConfig: { thinkingBudget: -1 } }],
    [
      { reasoning_effort: 'low', include_thoughts: true },
      { thinkingConfig: { thinkingBudget: 1024, includeThoughts: true } },
    ],
    [
      { reasoning_effort: 'high', thinking: { type: 'enabled' } },
      { thinkingConfig: { thinkingBudget: 24_576, includeThoughts: true } },
    ],
  ])('%j', (fields, generationConfig) => {
    const { body, dropped } = encode({ messages: hi, ...fields });
    expect(body).toEqual({ contents: hiContents, generationConfig });
    expect(dropped).toEqual([]);
  });

  it.each([
    ['gemini-2.5-flash', 'none', { thinkingBudget: 0 }, []],
    ['gemini-2.5-flash', 'minimal', { thinkingBudget: 1024 }, []],
    ['gemini-2.5-flash', 'medium', { thinkingBudget: 8192 }, []],
    ['gemini-2.5-flash', 'xhigh', { thinkingBudget: 24_576 }, []],
    ['gemini-2.5-pro', 'none', { thinkingBudget: 128 }, ['reasoning_effort']],
    ['gemini-3-pro-preview', 'minimal', { thinkingLevel: 'low' }, []],
    ['gemini-3-pro-preview', 'medium', { thinkingLevel: 'high' }, []],
    ['gemini-3.1-pro-preview', 'minimal', { thinkingLevel: 'low' }, []],
    ['gemini-3.1-pro-preview', 'medium', { thinkingLevel: 'medium' }, []],
    ['gemini-3-flash-preview', 'minimal', { thinkingLevel: 'minimal' }, []],
    ['gemini-3-flash-preview', 'high', { thinkingLevel: 'high' }, []],
    ['gemini-3-flash-preview', 'none', { thinkingLevel: 'minimal' }, ['reasoning_effort']],
    ['gemini-flash-latest', 'low', { thinkingLevel: 'low' }, []],
    ['gemini-2.0-flash', 'high', undefined, ['reasoning_effort']],
    ['gemini-2.0-flash', 'none', undefined, []],
    ['tunedModels/mine', 'low', { thinkingBudget: 1024 }, []],
  ])('for %s at effort %s thinks %j', (model, reasoning_effort, thinkingConfig, reported) => {
    const { body, dropped } = encode({ messages: hi, reasoning_effort }, { model });
    expect(body.generationConfig).toEqual(thinkingConfig && { thinkingConfig });
    expect(dropped).toEqual(reported);
  });

  it('lets an explicit budget beat the effort, and says so', () => {
    const { body, dropped } = encode({
      messages: hi,
      reasoning_effort: 'high',
      thinking: { type: 'enabled', budget_tokens: 5 },
    });
    expect(body.generationConfig).toEqual({ thinkingConfig: { includeThoughts: true, thinkingBudget: 5 } });
    expect(dropped).toEqual(['reasoning_effort']);
  });

  it.each([
    [{ reasoning_effort: 'lots' }, 'reasoning_effort'],
    [{ response_format: { type: 'yaml' } }, 'response_format.type'],
    [{ response_format: { type: 'json_schema' } }, 'response_format.json_schema.schema'],
  ])('refuses %j', (fields, param) => {
    expect(() => encode({ messages: hi, ...fields })).toThrow(expect.objectContaining({ kind: 'translation', param }));
  });
});

describe('tools', () => {
  const parameters = { type: 'object', properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { type: 'string' } } };
  const fn = { type: 'function', function: { name: 'f', description: 'does f', parameters } };
  const declaration = { name: 'f', description: 'does f', parametersJsonSchema: parameters };
  const strict = { type: 'function', function: { name: 'g', strict: true } };

  it('keep a function’s schema whole', () => {
    expect(encode({ messages: hi, tools: [fn] }).body).toEqual({
      contents: hiContents,
      tools: [{ functionDeclarations: [declaration] }],
    });
  });

  it('in the retired function form are understood', () => {
    const { body } = encode({ messages: hi, functions: [fn.function], function_call: { name: 'f' } });
    expect(body).toEqual({
      contents: hiContents,
      tools: [{ functionDeclarations: [declaration] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
    });
  });

  it.each<[JsonObject, JsonObject]>([
    [{ type: 'google_search' }, { googleSearch: {} }],
    [{ type: 'googleSearch', googleSearch: { timeRangeFilter: {} } }, { googleSearch: { timeRangeFilter: {} } }],
    [{ type: 'google_search', exclude_domains: ['a'] }, { googleSearch: { exclude_domains: ['a'] } }],
    [{ type: 'code_execution' }, { codeExecution: {} }],
    [{ type: 'url_context' }, { urlContext: {} }],
    [
      { type: 'computer_use', environment: 'ENVIRONMENT_BROWSER' },
      { computerUse: { environment: 'ENVIRONMENT_BROWSER' } },
    ],
    [{ google_search: {} }, { google_search: {} }],
    [{ functionDeclarations: [{ name: 'x' }] }, { functionDeclarations: [{ name: 'x' }] }],
    [{ type: 'function', function: { name: 'google_search' } }, { googleSearch: {} }],
    [
      { type: 'function', function: { name: 'computerUse', parameters: { environment: 'E' } } },
      { computerUse: { environment: 'E' } },
    ],
  ])('of Google: %j', (tool, expected) => {
    expect(encode({ messages: hi, tools: [tool] }).body).toEqual({ contents: hiContents, tools: [expected] });
  });

  it('stand each for itself beside the functions', () => {
    const { body } = encode({ messages: hi, tools: [{ type: 'google_search' }, fn, { type: 'url_context' }] });
    expect(body.tools).toEqual([{ functionDeclarations: [declaration] }, { googleSearch: {} }, { urlContext: {} }]);
  });

  it('tell Google Maps where to look in toolConfig', () => {
    const retrievalConfig = { latLng: { latitude: 1, longitude: 2 } };
    const { body } = encode({ messages: hi, tools: [{ type: 'google_maps', enableWidget: true, retrievalConfig }] });
    expect(body).toEqual({
      contents: hiContents,
      tools: [{ googleMaps: { enableWidget: true } }],
      toolConfig: { retrievalConfig },
    });
  });

  it('search the web for web_search_options', () => {
    const { body, dropped } = encode({ messages: hi, web_search_options: { search_context_size: 'low' } });
    expect(body).toEqual({ contents: hiContents, tools: [{ googleSearch: {} }] });
    expect(dropped).toEqual(['web_search_options.search_context_size']);
  });

  it.each([
    ['auto', [fn], { mode: 'AUTO' }],
    ['auto', [fn, strict], { mode: 'VALIDATED' }],
    [undefined, [strict], { mode: 'VALIDATED' }],
    ['none', [fn], { mode: 'NONE' }],
    ['required', [fn], { mode: 'ANY' }],
    [{ type: 'function', function: { name: 'f' } }, [fn], { mode: 'ANY', allowedFunctionNames: ['f'] }],
    [
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      [fn],
      { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
    ],
    [
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      [fn],
      { mode: 'ANY', allowedFunctionNames: ['f'] },
    ],
  ])('chosen by %j', (tool_choice, tools, functionCallingConfig) => {
    const { body } = encode({ messages: hi, tools, ...(tool_choice && { tool_choice }) });
    expect(body.toolConfig).toEqual({ functionCallingConfig });
  });

  it.each([
    [{ tools: [{ type: 'custom', custom: { name: 'x' } }] }, 'tools[0].type'],
    [{ tools: [fn, { type: 'function', function: {} }] }, 'tools[1].function.name'],
    [{ functions: [{}] }, 'functions[0].name'],
    [{ tools: [fn], tool_choice: 'sometimes' }, 'tool_choice'],
  ])('%j is refused', (fields, param) => {
    expect(() => encode({ messages: hi, ...fields })).toThrow(expect.objectContaining({ kind: 'translation', param }));
  });
});

describe('other parameters', () => {
  it('of Gemini pass, in either spelling', () => {
    const safety = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }];
    const { body, dropped } = encode({
      messages: hi,
      safety_settings: safety,
      cachedContent: 'cachedContents/1',
      labels: { team: 'a' },
      tool_config: { retrievalConfig: { languageCode: 'de' } },
    });
    expect(body).toEqual({
      contents: hiContents,
      safetySettings: safety,
      cachedContent: 'cachedContents/1',
      labels: { team: 'a' },
      toolConfig: { retrievalConfig: { languageCode: 'de' } },
    });
    expect(dropped).toEqual([]);
  });

  it('without counterpart are reported, each by name', () => {
    const { body, dropped } = encode({
      messages: [{ role: 'user', name: 'Ann', content: 'hi' }],
      user: 'u',
      logit_bias: { 1: 2 },
      parallel_tool_calls: false,
      store: true,
      service_tier: 'flex',
      verbosity: 'low',
      constructor: 1,
    });
    expect(body).toEqual({ contents: hiContents });
    expect(dropped).toEqual([
      'user',
      'logit_bias',
      'parallel_tool_calls',
      'store',
      'service_tier',
      'verbosity',
      'constructor',
      'messages[].name',
    ]);
  });

  it('that change nothing, or are null, are not reported', () => {
    const { body, dropped } = encode({
      messages: hi,
      model: 'x',
      stream: true,
      stream_options: { include_usage: true },
      parallel_tool_calls: true,
      store: false,
      service_tier: 'auto',
      user: null,
      temperature: null,
      stop: null,
      tools: null,
      tool_choice: null,
      response_format: { type: 'text' },
      reasoning_effort: null,
    });
    expect(body).toEqual({ contents: hiContents });
    expect(dropped).toEqual([]);
  });
});

it('sends results of parallel calls in the order of the calls, which is all that pairs them on Vertex AI', () => {
  const call = (id: string) => ({ id, type: 'function', function: { name: 'time', arguments: '{}' } });
  const result = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content });
  const messages = [
    ...hi,
    { role: 'assistant', tool_calls: [call('a'), call('b')] },
    result('b', 'noon'),
    result('a', 'dawn'),
    { role: 'user', content: 'and now?' },
  ];
  expect(encode({ messages }, {}, vertexGemini).body.contents).toMatchObject([
    {},
    {},
    {
      parts: [
        { functionResponse: { name: 'time', response: { result: 'dawn' } } },
        { functionResponse: { name: 'time', response: { result: 'noon' } } },
        { text: 'and now?' },
      ],
    },
  ]);
});
