import { createHash } from 'node:crypto';

/** A client of the registry's HTTP API (distribution's api.md), as small as a push and a pull allow. */

export type PushedImage = {
  readonly manifestDigest: string;
  readonly configDigest: string;
  readonly layerDigests: readonly string[];
  readonly manifest: Buffer;
};

export type Pulled = {
  /** The first status that was not 200. 200: the manifest and all of its blobs arrived completely. */
  readonly status: number;
  /** The request that failed. Null: none did. */
  readonly failedAt: string | null;
};

export type ImageOptions = { readonly layers?: readonly Buffer[] };

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const ACCEPTED = [
  MANIFEST,
  INDEX,
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
].join(', ');

export class PushRefused extends Error {
  readonly status: number;

  constructor(what: string, status: number, body: string) {
    super(`${what}: ${status} ${body}`);
    this.status = status;
  }
}

/** Pushes an image of a few small blobs, which differ with repository and tag. @throws PushRefused */
export async function pushImage(
  address: string,
  repository: string,
  tag: string,
  { layers = [Buffer.from(`layer of ${repository}:${tag}`)] }: ImageOptions = {},
): Promise<PushedImage> {
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', created: `${repository}:${tag}` }));
  const configDigest = await pushBlob(address, repository, config);
  const layerDigests: string[] = [];
  for (const layer of layers) layerDigests.push(await pushBlob(address, repository, layer));
  const manifest = Buffer.from(
    JSON.stringify(
      {
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: { mediaType: CONFIG, size: config.length, digest: configDigest },
        layers: layers.map((layer, index) => ({
          mediaType: LAYER,
          size: layer.length,
          digest: layerDigests[index],
        })),
      },
      null,
      3,
    ),
  );
  const manifestDigest = await pushManifest(address, repository, tag, manifest, MANIFEST);
  return { manifestDigest, configDigest, layerDigests, manifest };
}

/** Pushes an index of manifests in the repository. @throws PushRefused */
export async function pushIndex(
  address: string,
  repository: string,
  tag: string,
  images: readonly PushedImage[],
): Promise<string> {
  const manifests = images.map(({ manifest, manifestDigest }) => ({
    mediaType: MANIFEST,
    size: manifest.length,
    digest: manifestDigest,
    platform: { architecture: 'amd64', os: 'linux' },
  }));
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
  return pushManifest(address, repository, tag, index, INDEX);
}

/** Like clients: not again if the registry already has the blob. @throws PushRefused */
export async function pushBlob(address: string, repository: string, blob: Buffer): Promise<string> {
  const digest = digestOf(blob);
  const has = await fetch(`${address}/v2/${repository}/blobs/${digest}`, { method: 'HEAD' });
  if (has.status === 200) return digest;
  const begun = await fetch(`${address}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
  await expectStatus('POST upload', begun, 202);
  const upload = new URL(begun.headers.get('location') ?? '', address);
  upload.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  await expectStatus('PUT blob', await fetch(upload, { method: 'PUT', body: new Uint8Array(blob), headers }), 201);
  return digest;
}

/** @throws PushRefused */
export async function pushManifest(
  address: string,
  repository: string,
  reference: string,
  manifest: Buffer,
  mediaType: string,
): Promise<string> {
  const headers = { 'content-type': mediaType };
  const url = `${address}/v2/${repository}/manifests/${reference}`;
  await expectStatus('PUT manifest', await fetch(url, { method: 'PUT', body: new Uint8Array(manifest), headers }), 201);
  return digestOf(manifest);
}

/** Fetches the manifest, those that it lists, and every blob, and compares each with its digest. */
export async function pullImage(address: string, repository: string, reference: string): Promise<Pulled> {
  const answer = await fetch(`${address}/v2/${repository}/manifests/${reference}`, { headers: { accept: ACCEPTED } });
  const bytes = await bytesOf(answer);
  if (answer.status !== 200) return { status: answer.status, failedAt: `manifests/${reference}` };
  const digest = answer.headers.get('docker-content-digest') ?? reference;
  if (digestOf(bytes) !== digest) return { status: 502, failedAt: `manifests/${reference}` };
  const { manifests = [], config, layers = [] } = referencesOf(bytes);
  for (const child of manifests) {
    const pulled = await pullImage(address, repository, child.digest);
    if (pulled.failedAt !== null) return pulled;
  }
  for (const blob of config ? [config, ...layers] : layers) {
    const status = await pullBlob(address, repository, blob.digest);
    if (status !== 200) return { status, failedAt: `blobs/${blob.digest}` };
  }
  return { status: 200, failedAt: null };
}

/** 502 stands for bytes that do not match the digest. */
export async function pullBlob(address: string, repository: string, digest: string): Promise<number> {
  const answer = await fetch(`${address}/v2/${repository}/blobs/${digest}`);
  const bytes = await bytesOf(answer);
  return answer.status === 200 && digestOf(bytes) !== digest ? 502 : answer.status;
}

/** The status of any other request. */
export async function statusOf(url: string, method = 'GET'): Promise<number> {
  const answer = await fetch(url, { method, headers: { accept: ACCEPTED } });
  await bytesOf(answer);
  return answer.status;
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

type Descriptor = { readonly digest: string };
type References = {
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
};

function referencesOf(manifest: Buffer): References {
  const parsed: References = JSON.parse(manifest.toString());
  return parsed;
}

/** An answer that breaks off in the middle has no bytes. */
async function bytesOf(answer: Response): Promise<Buffer> {
  try {
    return Buffer.from(await answer.arrayBuffer());
  } catch {
    return Buffer.alloc(0);
  }
}

async function expectStatus(what: string, answer: Response, status: number): Promise<void> {
  const body = (await bytesOf(answer)).toString();
  if (answer.status !== status) throw new PushRefused(what, answer.status, body.slice(0, 300));
}
