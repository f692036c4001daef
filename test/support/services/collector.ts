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
  const taken: number[] = [];
  let refusal: (sequence: number, entries: number) => number | null = () => null;
  const first = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const one = { path: request.url ?? '', headers: request.headers, body: Request.parse(JSON.parse(text)) };
    received.push(one);
    const sequences = sequencesIn(one.body);
    const refused = sequences.map((sequence) => refusal(sequence, sequences.length)).find((status) => status !== null);
    const { status, headers, body } = answers.shift() ?? { status: refused ?? 200 };
    if (status === 200) taken.push(...sequences);
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
  return {
    url: `http://127.0.0.1:${port}/v1/logs`,
    received,
    first: first.promise,
    answers,
    sequences: () => received.map(({ body }) => sequencesIn(body)),
    /** In the order in which they came, repeats too. */
    taken: () => taken,
    /** A request with an entry for which `status` has one is refused with it, as a whole. */
    refuse: (status: typeof refusal) => {
      refusal = status;
    },
    close,
  };
}

function sequencesIn(body: z.infer<typeof Request>): readonly number[] {
  return body.resourceLogs[0].scopeLogs[0].logRecords.map(({ attributes }) =>
    Number(attributes.find(({ key }) => key === 'registry_doctor.sequence')?.value.intValue),
  );
}
