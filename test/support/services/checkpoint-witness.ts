import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * A witness as https://c2sp.org/tlog-witness says, written from that text and RFC 9162 (section 2.1.4.2) alone: it shares no code with
 * the bot. Signatures on checkpoints are for another test; it takes every origin.
 */
export type TestWitness = {
  readonly url: string;
  /** As it publishes it. */
  readonly key: string;
  /** The size and the root (base64) of the last checkpoint that it signed. Null: none. */
  readonly last: () => Head | null;
  /** All that it was asked, as it came. */
  readonly asked: readonly string[];
  /** Answers everything like this from now on. Null: as the protocol says. */
  answerWith(answer: { readonly status: number; readonly body: string } | null): void;
  /** Loses what it signed since, as from an older copy of its database. Null: all of it. */
  forget(since?: Head | null): void;
  readonly stop: () => Promise<void>;
};

const NAME = 'witness.example/w1';

/** @param otherRoot the status for another root over as many entries as the last one: 409 by the protocol as it was before July 2026 */
export async function startWitness(otherRoot: 409 | 422 = 422): Promise<TestWitness> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
  const id = sha256(Buffer.from(`${NAME}\n`), Buffer.of(4), raw).subarray(0, 4);
  let last: { size: number; root: string } | null = null;
  let fixed: { status: number; body: string } | null = null;
  const asked: string[] = [];
  const judge = (request: string): { status: number; body: string } => {
    const [head = '', note = ''] = [
      request.slice(0, request.indexOf('\n\n')),
      request.slice(request.indexOf('\n\n') + 2),
    ];
    const [, old = ''] = /^old (0|[1-9]\d*)$/m.exec(head) ?? [];
    const proof = head.split('\n').slice(1);
    const [, sizeText = '', root = ''] = /^[^\n]+\n(\d+)\n([^\n]+)\n\n\u2014 /u.exec(note) ?? [];
    const size = Number(sizeText);
    if (old === '' || root === '' || Number(old) > size) return { status: 400, body: '' };
    // Over the same entries it signs again, as often as it is asked.
    if (Number(old) !== (last?.size ?? 0)) return { status: 409, body: `${last?.size ?? 0}\n` };
    if (size === last?.size && root !== last.root) return { status: otherRoot, body: '' };
    if (!isConsistent({ size: Number(old), root: last?.root ?? '' }, { size, root }, proof))
      return { status: 422, body: '' };
    last = { size, root };
    return { status: 200, body: cosign(note.slice(0, note.indexOf('\n\n') + 1), id, privateKey) };
  };
  const server = createServer((request, response) => {
    text(request).then((body) => {
      asked.push(body);
      const answer = fixed ?? (request.url === '/add-checkpoint' ? judge(body) : { status: 404, body: '' });
      const type = answer.status === 409 ? 'text/x.tlog.size' : 'text/plain';
      response.writeHead(answer.status, { 'content-type': type }).end(answer.body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    key: `${NAME}+${id.toString('hex')}+${Buffer.concat([Buffer.of(4), raw]).toString('base64')}`,
    last: () => last,
    asked,
    answerWith: (answer) => {
      fixed = answer;
    },
    forget: (since = null) => {
      last = since;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function cosign(body: string, id: Buffer, key: KeyObject): string {
  const time = Math.floor(Date.now() / 1000);
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(time));
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${body}`), key);
  return `\u2014 ${NAME} ${Buffer.concat([id, stamp, signature]).toString('base64')}\n`;
}

type Head = { readonly size: number; readonly root: string };

/** RFC 9162, section 2.1.4.2, step by step. */
export function isConsistent(first: Head, second: Head, lines: readonly string[]): boolean {
  const proof = lines.map((line) => Buffer.from(line, 'base64'));
  if (first.size === 0) return proof.length === 0;
  if (first.size === second.size) return proof.length === 0 && first.root === second.root;
  const isPower = Number.isInteger(Math.log2(first.size));
  const path = isPower ? [Buffer.from(first.root, 'base64'), ...proof] : proof;
  let fn = BigInt(first.size - 1);
  let sn = BigInt(second.size - 1);
  while (fn & 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
  const [start, ...rest] = path;
  if (start === undefined) return false;
  let [fr, sr]: [Buffer, Buffer] = [start, start];
  for (const c of rest) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      [fr, sr] = [node(c, fr), node(c, sr)];
      while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else sr = node(sr, c);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  return sn === 0n && fr.toString('base64') === first.root && sr.toString('base64') === second.root;
}

function node(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.of(1), left, right);
}

function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}
