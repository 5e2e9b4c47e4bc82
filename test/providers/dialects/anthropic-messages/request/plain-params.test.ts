import { describe, expect, it } from 'vitest';
import { encode, encodeParams } from '../support.ts';

describe('parameters translated by name', () => {
  it.each([
    [{ stop: 'END' }, { stop_sequences: ['END'] }, []],
    [{ stop: ['a', 'b'] }, { stop_sequences: ['a', 'b'] }, []],
    [{ stop: ['\n', 'a', ''] }, { stop_sequences: ['a'] }, ['stop']],
    [{ stop: '\n\n' }, {}, ['stop']],
    [{ stop: null }, {}, []],
    [{ stop_sequences: ['x'], stop: 'y' }, { stop_sequences: ['y', 'x'] }, []],
    [{ user: 'u1' }, { metadata: { user_id: 'u1' } }, []],
    [{ safety_identifier: 's1' }, { metadata: { user_id: 's1' } }, []],
    [{ user: 'u1', safety_identifier: 's1' }, { metadata: { user_id: 'u1' } }, ['safety_identifier']],
    [{ user: 'u1', safety_identifier: 'u1' }, { metadata: { user_id: 'u1' } }, []],
    [{ metadata: { team: 'a' } }, {}, ['metadata']],
    [{ metadata: { user_id: 'u2' } }, { metadata: { user_id: 'u2' } }, []],
    [{ metadata: {} }, {}, []],
    [{ service_tier: 'auto' }, { service_tier: 'auto' }, []],
    [{ service_tier: 'priority' }, { service_tier: 'auto' }, []],
    [{ service_tier: 'default' }, { service_tier: 'standard_only' }, []],
    [{ service_tier: 'standard_only' }, { service_tier: 'standard_only' }, []],
    [{ service_tier: 'flex' }, {}, ['service_tier']],
    [{ service_tier: 'constructor' }, {}, ['service_tier']],
    [{ service_tier: null }, {}, []],
  ])('%j', (params, sent, drops) => {
    expect(encodeParams(params)).toEqual({ params: sent, drops });
  });
});

describe('parameters Anthropic has no counterpart for', () => {
  it.each([
    ['n', 2],
    ['seed', 0],
    ['frequency_penalty', 0.5],
    ['presence_penalty', -1],
    ['logit_bias', { 50256: -100 }],
    ['logprobs', true],
    ['top_logprobs', 3],
    ['modalities', ['text', 'audio']],
    ['audio', { voice: 'alloy', format: 'mp3' }],
    ['prediction', { type: 'content', content: 'x' }],
    ['store', true],
    ['verbosity', 'low'],
    ['moderation', { model: 'omni' }],
    ['prompt_cache_key', 'k'],
    ['prompt_cache_retention', '24h'],
    ['prompt_cache_options', { ttl: '30m' }],
  ])('reports %s', (name, value) => {
    expect(encodeParams({ [name]: value })).toEqual({ params: {}, drops: [name] });
  });

  it('says nothing of values that ask for nothing', () => {
    expect(
      encodeParams({
        n: 1,
        seed: null,
        frequency_penalty: 0,
        presence_penalty: 0,
        logit_bias: {},
        logprobs: false,
        top_logprobs: 0,
        modalities: ['text'],
        store: false,
        verbosity: 'medium',
        prediction: null,
        stream_options: { include_usage: true },
      }),
    ).toEqual({ params: {}, drops: [] });
  });
});

describe('parameters of Anthropic’s own', () => {
  it('pass as they are', () => {
    const params = {
      container: 'container_1',
      mcp_servers: [{ type: 'url', url: 'https://mcp.example.com', name: 'm' }],
      context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
      cache_control: { type: 'ephemeral' },
      inference_geo: 'us',
      speed: 'fast',
      something_new: 1,
    };
    expect(encodeParams({ ...params, nothing: null })).toEqual({ params, drops: [] });
  });

  it('become headers where Anthropic has them there', () => {
    const { wire } = encode({
      messages: [{ role: 'user', content: 'Hi' }],
      max_tokens: 5,
      betas: ['a-1', 'b-2'],
      anthropic_beta: 'c-3',
      user_profile_id: 'up',
      workspace_id: 'ws',
    });
    expect(wire).toEqual({
      path: '/messages',
      headers: {
        'anthropic-beta': 'a-1,b-2,c-3',
        'anthropic-user-profile-id': 'up',
        'anthropic-workspace-id': 'ws',
      },
      body: {
        model: 'claude-3-5-sonnet-20241022',
        max_tokens: 5,
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      },
    });
  });
});

describe('a request', () => {
  it('streams when the call does', () => {
    const messages = [{ role: 'user', content: 'Hi' }];
    const streamed = encode({ messages, max_tokens: 5, stream: true }, { stream: true });
    expect(streamed.body).toEqual({
      model: 'claude-3-5-sonnet-20241022',
      max_tokens: 5,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      stream: true,
    });
    expect(encode({ messages, stream: false }).body).not.toHaveProperty('stream');
  });

  it('names no model when the call names none', () => {
    expect(encode({ messages: [{ role: 'user', content: 'Hi' }] }, { model: '' }).body).not.toHaveProperty('model');
  });
});
