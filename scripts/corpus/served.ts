import { isRunning, type RunningRegistry } from './registry.ts';
import type { RegistryClient } from './registry-client.ts';
import { imageOf, type Served } from './registry-client.ts';
import type { Scene } from './scenario.ts';

/** What a client got from the registry: the judge of what "healthy" and "faulty" are worth. */
export type Serving = {
  /** Of an image that nobody has, to a repository that nobody has, and its pull. */
  readonly push: Served;
  /** Of the images that were pushed before the fault was built. */
  readonly pulls: readonly { readonly image: string; readonly answer: Served }[];
};

let scratches = 0;

/** By raw HTTP, one push and every pull. A registry that does not run serves nobody. */
export async function servingOf(registry: RunningRegistry, { pushed = [] }: Scene): Promise<Serving> {
  if (!isRunning(registry)) {
    const nobody = 'no registry runs';
    return { push: nobody, pulls: pushed.map((image) => ({ image, answer: nobody })) };
  }
  scratches += 1;
  const pulls = pushed.map(async (image) => ({ image, answer: await pull(registry.client, image) }));
  return { push: await pushAndPull(registry.client, `corpus/scratch${scratches}`), pulls: await Promise.all(pulls) };
}

export function isServing({ push, pulls }: Serving): boolean {
  return push === 'ok' && pulls.every(({ answer }) => answer === 'ok');
}

/** The requests that were refused, in words. */
export function refusalsIn({ push, pulls }: Serving): string {
  const failed = pulls
    .filter(({ answer }) => answer !== 'ok')
    .map(({ image, answer }) => `pull of ${image}: ${answer}`);
  return [...(push === 'ok' ? [] : [`push: ${push}`]), ...failed].join('; ');
}

async function pushAndPull(client: RegistryClient, repository: string): Promise<Served> {
  const pushed = await client.push(repository, 'v1', imageOf(repository));
  return pushed === 'ok' ? client.pull(repository, 'v1') : pushed;
}

function pull(client: RegistryClient, image: string): Promise<Served> {
  const [repository = '', tag = ''] = image.split(':');
  return client.pull(repository, tag);
}
