import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { TestContext } from 'node:test';
import { z } from 'zod';

const Value = z.object({ stringValue: z.string().optional(), intValue: z.string().optional() });
const Records = z.array(
  z.object({
    timeUnixNano: z.string(),
    severityNumber: z.number(),
    body: Value,
    attributes: z.array(z.object({ key: z.string(), value: Value })),
  }),
);
const Request = z.object({
  resourceLogs: z.tuple([
    z.object({
      resource: z.object({ attributes: z.array(z.object({ key: z.string(), value: Value })) }),
      scopeLogs: z.tuple([z.object({ logRecords: Records })]),
    }),
  ]),
});
type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** A collector on this machine. It answers as told, one answer a request, and then takes everything. */
export async function collectorFor(t: TestContext) {
  const received: {
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: z.infer<typeof Request>;
  }[] = [];
  const answers: Answer[] = [];
  const first = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    received.push({ path: request.url ?? '', headers: request.headers, body: Request.parse(JSON.parse(text)) });
    const { status, headers, body } = answers.shift() ?? { status: 200 };
    response.writeHead(status, { ...headers, connection: 'close' }).end(body ?? '{}');
    first.resolve();
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const close = () => new Promise((done) => server.close(done));
  t.after(close);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const sequences = () =>
    received.map(({ body }) =>
      body.resourceLogs[0].scopeLogs[0].logRecords.map(({ attributes }) =>
        Number(attributes.find(({ key }) => key === 'registry_doctor.sequence')?.value.intValue),
      ),
    );
  return { url: `http://127.0.0.1:${port}/v1/logs`, received, first: first.promise, answers, sequences, close };
}
