import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { freePort } from '../../../test/support/services/free-port.ts';
import { type KeyPair, makeKeyPair } from './certificates.ts';
import { imageOf, RegistryClient } from './registry-client.ts';

/** Images in the storage of most scenarios, as `repository:tag`, pushed through a real registry. */
export const PUSHED: readonly string[] = ['group/app:v1', 'group/base:v1'];

/** What all scenarios of one run share, made once. */
export type Prepared = {
  /** A storage root with the images of {@link PUSHED}, to be copied, not used. */
  readonly images: string;
  readonly keyPair: KeyPair;
  readonly clear: () => void;
};

export async function prepare(): Promise<Prepared> {
  const directory = mkdtempSync('/var/tmp/rd-corpus-images-');
  chmodSync(directory, 0o755);
  const clear = () => rmSync(directory, { recursive: true, force: true });
  try {
    const images = `${directory}/registry`;
    await pushAll(directory, images);
    return { images, keyPair: makeKeyPair(directory), clear };
  } catch (error) {
    clear();
    throw error;
  }
}

async function pushAll(directory: string, images: string): Promise<void> {
  const address = `127.0.0.1:${await freePort()}`;
  const config = {
    version: '0.1',
    storage: { filesystem: { rootdirectory: images }, maintenance: { uploadpurging: { enabled: false } } },
    http: { addr: address },
  };
  writeFileSync(`${directory}/config.yml`, stringify(config));
  const args = ['-c', 'umask 022; exec docker-registry serve "$1"', 'sh', `${directory}/config.yml`];
  const registry = spawn('sh', args, { stdio: 'ignore', cwd: '/' });
  const exited = once(registry, 'exit');
  try {
    const client = new RegistryClient({ address });
    while ((await client.status()) !== 200) {
      const hasEnded = registry.exitCode !== null || registry.signalCode !== null;
      if (hasEnded) throw new Error('the registry that takes the images did not start');
      await sleep(10);
    }
    for (const name of PUSHED) {
      const [repository = '', tag = ''] = name.split(':');
      const answer = await client.push(repository, tag, imageOf(name));
      if (answer !== 'ok') throw new Error(`${name} could not be pushed: ${answer}`);
    }
  } finally {
    registry.kill('SIGKILL');
    await exited;
  }
}
