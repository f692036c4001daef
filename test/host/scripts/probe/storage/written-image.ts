import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { digestOf } from '../../../../support/hosts/registry-client.ts';
import { blobData, layerLink, revisionLink, tagLink } from './registry-storage.ts';

/** Writes what a push of an image leaves below `root`, without a registry; the digest of its manifest. */
export function writeImage(root: string, repository: string, tag: string): string {
  const config = Buffer.from(`config of ${repository}:${tag}`);
  const layer = Buffer.from(`layer of ${repository}:${tag}`);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      config: { digest: digestOf(config), size: config.length },
      layers: [{ digest: digestOf(layer), size: layer.length }],
    }),
  );
  for (const blob of [config, layer, manifest]) write(root, blobData(digestOf(blob)), blob);
  for (const blob of [config, layer]) write(root, layerLink(repository, digestOf(blob)), digestOf(blob));
  write(root, revisionLink(repository, digestOf(manifest)), digestOf(manifest));
  write(root, tagLink(repository, tag), digestOf(manifest));
  return digestOf(manifest);
}

function write(root: string, path: string, content: string | Buffer): void {
  const file = `${root}/docker/registry/v2/${path}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
