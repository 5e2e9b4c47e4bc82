import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Takes spans by OTLP over HTTP, as a collector does; `print` says what came, and ends. */
export async function startCollector(): Promise<{ url: string; print(): void }> {
  const told: string[] = [];
  const server = createServer(async (request, response) => {
    const { resourceSpans } = (await json(request)) as Otlp;
    for (const { resource, scopeSpans } of resourceSpans) {
      const instance = resource.attributes.find(({ key }) => key === 'service.instance.id')?.value.stringValue;
      for (const { name, traceId, status } of scopeSpans.flatMap(({ spans }) => spans))
        told.push(`trace ${traceId.slice(0, 8)}: instance ${instance} ${name}${status.code === 2 ? ' failed' : ''}`);
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    print() {
      console.log(told.join('\n'));
      server.close();
    },
  };
}

/** The part of OTLP's JSON that is read here. */
interface Otlp {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: { name: string; traceId: string; status: { code: number } }[] }[];
  }[];
}
