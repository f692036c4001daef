import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import type { HostSettings } from '../../../../../src/model/settings/settings.ts';
import {
  type DockerRegistry,
  SERVICE_ACCOUNT,
  startDockerRegistry,
} from '../../../../support/hosts/docker-registry.ts';
import { hostSettings } from '../../../sample-settings.ts';
import { hostPath } from '../../../scratch-tree.ts';

/** A real registry with images in its storage, which a test damages as power cuts and half restores do. */
export class RegistryStorage {
  readonly directory = mkdtempSync('/var/tmp/registry-doctor-images-');
  readonly root = `${this.directory}/root`;
  #registry: DockerRegistry | null = null;

  constructor() {
    chmodSync(this.directory, 0o755);
    this.shell(`mkdir root && chown ${SERVICE_ACCOUNT}:${SERVICE_ACCOUNT} root`);
  }

  async start(): Promise<void> {
    this.#registry = await startDockerRegistry(this.directory, this.root);
  }

  /** As after a power cut: nothing is in its cache. */
  async restart(): Promise<void> {
    await this.#registry?.stop();
    await this.start();
  }

  get registry(): DockerRegistry {
    if (!this.#registry) throw new Error('the registry was not started');
    return this.#registry;
  }

  get settings(): HostSettings {
    return hostSettings({ config: hostPath(Buffer.from(this.registry.configFile)), serviceUser: SERVICE_ACCOUNT });
  }

  /** Below docker/registry/v2. */
  at(path: string): string {
    return `${this.root}/docker/registry/v2/${path}`;
  }

  /** Runs beside the storage root, which is `root`. */
  shell(commands: string): string {
    return execFileSync('sh', ['-ec', commands], { cwd: this.directory, encoding: 'utf8' });
  }

  /** All of it was written yesterday: nothing is under way. */
  age(): void {
    this.shell('find root -exec touch -h -d yesterday {} +');
  }

  async stop(): Promise<void> {
    await this.#registry?.stop();
    execFileSync('rm', ['-rf', this.directory]);
  }
}

export const tagLink = (repository: string, tag: string): string =>
  `repositories/${repository}/_manifests/tags/${tag}/current/link`;

export const revisionLink = (repository: string, digest: string): string =>
  `repositories/${repository}/_manifests/revisions/sha256/${hexOf(digest)}/link`;

export const layerLink = (repository: string, digest: string): string =>
  `repositories/${repository}/_layers/sha256/${hexOf(digest)}/link`;

export const blobData = (digest: string): string => `blobs/sha256/${hexOf(digest).slice(0, 2)}/${hexOf(digest)}/data`;

function hexOf(digest: string): string {
  return digest.slice('sha256:'.length);
}
