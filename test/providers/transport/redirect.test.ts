import { describe, expect, it } from 'vitest';
import { noAbort, paths } from './paths.ts';
import { bodyOf, closed, post, startHttp, type TestServer } from './servers.ts';

/** Answers with what was asked. */
function startEcho(): Promise<TestServer> {
  return startHttp(async (request, response) => {
    const body = (await bodyOf(request)).toString();
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
  });
}

function startRedirect(status: number, location: string): Promise<TestServer> {
  return startHttp((request, response) => {
    request.resume();
    response.writeHead(status, { location }).end('moved');
  });
}

const secrets = {
  authorization: 'Bearer sk-1',
  cookie: 'a=1',
  'proxy-authorization': 'Basic x',
  'api-key': 'sk-2',
  'x-api-key': 'sk-3',
  'x-goog-api-key': 'sk-4',
  'x-amz-security-token': 'sk-5',
};

describe.each(paths)('over %s', (_name, transport) => {
  const follow = async (request: Parameters<typeof transport.send>[0]) =>
    JSON.parse(await (await transport.send(request, noAbort())).body.text());

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [307, 'POST', 'POST', '{}'],
    [308, 'POST', 'POST', '{}'],
    [301, 'PUT', 'PUT', '{}'],
    [302, 'DELETE', 'DELETE', '{}'],
    [303, 'PUT', 'GET', ''],
  ])('%i turns %s into %s', async (status, method, nextMethod, nextBody) => {
    const echo = await startEcho();
    const server = await startRedirect(status, `${echo.base}/next?a=1#part`);
    const seen = await follow(post(server.base, { method }));
    expect([seen.method, seen.url, seen.body]).toEqual([nextMethod, '/next?a=1', nextBody]);
    expect(seen.headers['content-type']).toBe(nextBody === '' ? undefined : 'application/json');
  });

  it('sends a form and bytes again', async () => {
    const echo = await startEcho();
    const server = await startRedirect(307, echo.base);
    const form = new FormData();
    form.set('a', '1');
    expect((await follow(post(server.base, { body: form }))).body).toContain('name="a"');
    expect((await follow(post(server.base, { body: Uint8Array.of(65, 66) }))).body).toBe('AB');
  });

  it('resolves a relative location', async () => {
    const server = await startHttp((request, response) => {
      if (request.url === '/v1/chat') response.writeHead(308, { location: '../v2/chat?x=1' }).end();
      else response.end(JSON.stringify(request.url));
    });
    expect(await follow(post(`${server.base}/v1/chat`))).toBe('/v2/chat?x=1');
  });

  it('never carries a credential to another origin, but everything else', async () => {
    const echo = await startEcho();
    const server = await startRedirect(307, echo.base);
    const { headers } = await follow(post(server.base, { headers: { ...secrets, 'x-stainless-lang': 'js' } }));
    expect(headers).toMatchObject({ 'x-stainless-lang': 'js' });
    expect(JSON.stringify(headers)).not.toMatch(/sk-|a=1|Basic/);
  });

  it('carries credentials on within an origin', async () => {
    const server = await startHttp((request, response) => {
      if (request.url === '/') response.writeHead(307, { location: '/next' }).end();
      else response.end(JSON.stringify(request.headers));
    });
    expect(await follow(post(server.base, { headers: secrets }))).toMatchObject(secrets);
  });

  it.each([[300], [304], [305], [399]])('takes %i for an answer', async (status) => {
    const server = await startRedirect(status, 'http://127.0.0.1:9/');
    expect((await transport.send(post(server.base), noAbort())).status).toBe(status);
  });

  it('closes the connection of a redirect that goes on and on', async () => {
    const echo = await startEcho();
    const server = await startHttp((_request, response) => {
      response.writeHead(307, { location: echo.base }).write('moved');
    });
    await follow(post(server.base));
    await closed(server.sockets[0]);
  });

  it('takes a redirect without location for an answer', async () => {
    const server = await startHttp((_request, response) => response.writeHead(302).end('where?'));
    const response = await transport.send(post(server.base), noAbort());
    expect([response.status, await response.body.text()]).toEqual([302, 'where?']);
  });

  it('follows 20 redirects and gives up at the next', async () => {
    const server = await startHttp((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('"here"');
      else response.writeHead(307, { location: `/${left - 1}` }).end();
    });
    expect(await follow(post(`${server.base}/20`))).toBe('here');
    await expect(transport.send(post(`${server.base}/21`), noAbort())).rejects.toMatchObject({
      name: 'APIConnectionError',
      message: `POST 127.0.0.1:${server.port}: redirected more than 20 times`,
    });
  });

  it.each(['file:///etc/passwd', 'http://user:sk-1@127.0.0.1/', 'http://'])('refuses to go to %s', async (location) => {
    const server = await startRedirect(307, location);
    await expect(transport.send(post(`${server.base}/?key=sk-2`), noAbort())).rejects.toMatchObject({
      name: 'APIConnectionError',
      message: `POST 127.0.0.1:${server.port}: redirected to something that is no address of an HTTP server`,
    });
  });
});
