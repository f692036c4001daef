import { isRunning } from './ground/registry.ts';
import { imageOf, type RegistryClient, type Served } from './ground/registry-client.ts';
import type { RunningRegistry } from './ground/running-registry.ts';
import type { Scene } from './scenario.ts';

/** What a client got from the registry: the judge of "healthy" and "faulty". */
export type Serving = {
  /** Pushes of new images, to a new repository and to each existing one, and their pulls. */
  readonly pushes: readonly Answered[];
  /** Of the images that were pushed before the fault was built. */
  readonly pulls: readonly Answered[];
};

type Answered = { readonly image: string; readonly answer: Served };

let scratches = 0;

/** By raw HTTP, every push and every pull. A stopped registry serves no one. */
export async function servingOf(registry: RunningRegistry, { pushed = [] }: Scene): Promise<Serving> {
  scratches += 1;
  const repositories = new Set([`corpus/scratch${scratches}`, ...pushed.map(repositoryOf)]);
  const images = [...repositories].map((repository) => `${repository}:scratch${scratches}`);
  const all = (names: readonly string[], work: (client: RegistryClient, image: string) => Promise<Served>) =>
    Promise.all(
      names.map(async (image) => ({
        image,
        answer: isRunning(registry) ? await work(registry.client, image) : 'no registry runs',
      })),
    );
  return { pushes: await all(images, pushAndPull), pulls: await all(pushed, pull) };
}

export function isServing({ pushes, pulls }: Serving): boolean {
  return [...pushes, ...pulls].every(({ answer }) => answer === 'ok');
}

/** The requests that were refused, in words. */
export function refusalsIn({ pushes, pulls }: Serving): string {
  const failed = (what: string, answers: readonly Answered[]) =>
    answers.filter(({ answer }) => answer !== 'ok').map(({ image, answer }) => `${what} of ${image}: ${answer}`);
  return [...failed('push', pushes), ...failed('pull', pulls)].join('; ');
}

async function pushAndPull(client: RegistryClient, image: string): Promise<Served> {
  const pushed = await client.push(repositoryOf(image), tagOf(image), imageOf(image));
  return pushed === 'ok' ? pull(client, image) : pushed;
}

function pull(client: RegistryClient, image: string): Promise<Served> {
  return client.pull(repositoryOf(image), tagOf(image));
}

function repositoryOf(image: string): string {
  return image.slice(0, image.indexOf(':'));
}

function tagOf(image: string): string {
  return image.slice(image.indexOf(':') + 1);
}
