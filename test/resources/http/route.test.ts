import { describe, expect, it } from 'vitest';
import { routeOf } from '../../../src/resources/http/route.ts';

describe('the path after the version decides', () => {
  it.each([
    ['POST', '/v1/chat/completions', { endpoint: 'chat/completions' }],
    ['POST', '/v1/chat/completions/', { endpoint: 'chat/completions' }],
    ['POST', '/chat/completions', { endpoint: 'chat/completions' }],
    ['POST', '/api/v1/chat/completions', { endpoint: 'chat/completions' }],
    ['POST', '/v1beta/openai/chat/completions', { endpoint: 'chat/completions' }],
    ['POST', '/my/prefix/embeddings', { endpoint: 'embeddings' }],
    ['POST', '/v1/audio/speech', { endpoint: 'audio/speech' }],
    ['POST', '/v1/images/edits', { endpoint: 'images/edits' }],
    ['POST', '/v1/messages', { endpoint: 'messages' }],
    ['POST', '/v1/messages/count_tokens', { endpoint: 'messages', path: '/messages/count_tokens' }],
    ['GET', '/v1/models', { endpoint: 'models', method: 'GET' }],
    ['GET', '/v1/models/gpt-4o', { endpoint: 'models', method: 'GET', path: '/models/gpt-4o' }],
    ['POST', '/v1/files', { endpoint: 'files', method: 'POST' }],
    ['GET', '/v1/files/file-1/content', { endpoint: 'files', method: 'GET', path: '/files/file-1/content' }],
    ['POST', '/v1/batches/b-1/cancel', { endpoint: 'batches', method: 'POST', path: '/batches/b-1/cancel' }],
    ['POST', '/v1/responses', { endpoint: 'responses' }],
    ['DELETE', '/v1/responses/resp_1', { endpoint: 'responses', method: 'DELETE', path: '/responses/resp_1' }],
  ])('%s %s', (method, path, route) => {
    expect(routeOf(method, path)).toEqual(route);
  });
});

describe('what stands for the model in an address', () => {
  it.each([
    ['/openai/deployments/gpt%2035/chat/completions', 'gpt 35'],
    ['/v1/engines/davinci/chat/completions', 'davinci'],
    ['/openai/deployments/bad%zz/chat/completions', 'bad%zz'],
  ])('%s', (path, deployment) => {
    expect(routeOf('POST', path)).toEqual({ endpoint: 'chat/completions', deployment });
  });
});

describe('all else is passed on', () => {
  it.each([
    ['POST', '/v1/fine_tuning/jobs', '/fine_tuning/jobs'],
    ['GET', '/v1/chat/completions', '/chat/completions'],
    ['GET', '/v1/responses', '/responses'],
    ['POST', '/v1/proxy/chat/completions', '/chat/completions'],
    ['GET', '/whatever/there', '/whatever/there'],
    ['GET', '/', '/'],
  ])('%s %s', (method, pathname, path) => {
    expect(routeOf(method, pathname)).toEqual({ endpoint: 'proxy', method, path });
  });
});
