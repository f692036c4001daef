import { createHash } from 'node:crypto';
import { request as overTcp } from 'node:http';
import { request as overTls } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { TrustMaterial } from './certificates.ts';

/** How a client reaches a registry. */
export type Endpoint = {
  /** `127.0.0.1:5000`, or the path of a unix socket. */
  readonly address: string;
  /** What it trusts and shows, if the registry uses TLS. */
  readonly tls?: TrustMaterial | undefined;
  /** The value of the `Authorization` header, if the registry requires one. */
  readonly authorization?: string | undefined;
};

/** `ok`, or which request was refused and how. */
export type Served = string;

/** An image of one config and one layer; another one for each text. */
export type Image = {
  readonly config: Buffer;
  readonly layer: Buffer;
  readonly manifest: Buffer;
  readonly digest: string;
};

type Answer = { readonly status: number; readonly headers: NodeJS.Dict<string | string[]>; readonly body: Buffer };
type Words = { readonly type?: string; readonly accept?: string; readonly body?: Buffer };

/** Far more than a registry on the same machine takes, whatever else runs there. */
const DEADLINE_MS = 20_000;
const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json';

export function imageOf(text: string, layers: readonly object[] = []): Image {
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers' }, text }));
  const layer = Buffer.from(`the layer of ${text}\n`.repeat(20));
  const blob = (mediaType: string, data: Buffer) => ({ mediaType, size: data.length, digest: digestOf(data) });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: blob('application/vnd.docker.container.image.v1+json', config),
      layers: [blob('application/vnd.docker.image.rootfs.diff.tar.gzip', layer), ...layers],
    }),
  );
  return { config, layer, manifest, digest: digestOf(manifest) };
}

/** Pushes and pulls as docker does, with the requests of the distribution specification, one after the other. */
export class RegistryClient {
  #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** From now on, requests are made as this user. */
  logIn(user: string, password: string): void {
    this.#endpoint = { ...this.#endpoint, authorization: basicAuthorization(user, password) };
  }

  /** The status of `/v2/`. 0 without an answer. */
  async status(): Promise<number> {
    try {
      return (await this.ask('GET', '/v2/')).status;
    } catch {
      return 0;
    }
  }

  /** The manifest comes last: without it, there is no image. */
  push(repository: string, tag: string, image: Image): Promise<Served> {
    return told(async () => {
      for (const blob of [image.config, image.layer]) await this.pushBlob(repository, blob);
      const words = { type: MANIFEST_TYPE, body: image.manifest };
      await this.#expect(201, 'PUT', `/v2/${repository}/manifests/${tag}`, words);
    });
  }

  /** By its tag, and then every blob completely. Each is compared with its digest. */
  pull(repository: string, tag: string): Promise<Served> {
    return told(async () => {
      const path = `/v2/${repository}/manifests/${tag}`;
      const { body } = await this.#expect(200, 'GET', path, { accept: MANIFEST_TYPE });
      const { config, layers } = JSON.parse(body.toString());
      for (const { digest, urls } of [config, ...layers]) {
        if (urls === undefined) await this.#pullBlob(repository, digest);
      }
    });
  }

  async pushBlob(repository: string, blob: Buffer): Promise<void> {
    const location = await this.beginUpload(repository);
    const path = `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digestOf(blob))}`;
    await this.#expect(201, 'PUT', path, { type: 'application/octet-stream', body: blob });
  }

  /** The URL for the rest of the upload. */
  async beginUpload(repository: string): Promise<string> {
    const { headers } = await this.#expect(202, 'POST', `/v2/${repository}/blobs/uploads/`);
    const { pathname, search } = new URL(`${headers['location']}`, 'http://registry');
    return `${pathname}${search}`;
  }

  async ask(method: string, path: string, { type, accept, body }: Words = {}): Promise<Answer> {
    const { address, tls, authorization } = this.#endpoint;
    const [host = '', port = ''] = address.split(':');
    const headers = {
      ...(authorization === undefined ? {} : { authorization }),
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(accept === undefined ? {} : { accept }),
      'content-length': body?.length ?? 0,
    };
    const where = address.startsWith('/') ? { socketPath: address } : { host, port };
    const options = { ...where, ...tls, method, path, headers, signal: AbortSignal.timeout(DEADLINE_MS), agent: false };
    return new Promise((resolve, reject) => {
      const sent = (tls === undefined ? overTcp : overTls)(options, (incoming) => {
        const { statusCode = 0, headers: answered } = incoming;
        buffer(incoming).then((data) => resolve({ status: statusCode, headers: answered, body: data }), reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async #pullBlob(repository: string, digest: string): Promise<void> {
    const { body } = await this.#expect(200, 'GET', `/v2/${repository}/blobs/${digest}`);
    if (digestOf(body) !== digest) throw new Error(`GET blob ${digest}: other bytes than were pushed`);
  }

  async #expect(status: number, method: string, path: string, words?: Words): Promise<Answer> {
    const answer = await this.ask(method, path, words);
    if (answer.status === status) return answer;
    throw new Error(
      `${method} ${path.replace(/\?.*/, '')} ${answer.status} ${answer.body.toString().trim().slice(0, 200)}`,
    );
  }
}

export function digestOf(data: Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

async function told(work: () => Promise<void>): Promise<Served> {
  try {
    await work();
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
