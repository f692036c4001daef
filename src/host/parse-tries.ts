import { type Fact, known, unknown } from '../model/fact.ts';
import type { Facts, Identity, TryResult } from '../model/facts.ts';
import { MalformedOutput } from './malformed-output.ts';
import { isSameIdentity, parseOwnIdentity } from './parse-identity.ts';
import { pathFrom } from './parse-nodes.ts';
import type { HostRecord } from './read-records.ts';
import { linesOf, shortWhy } from './record-fields.ts';

export type Tries = Pick<Facts, 'triedAs' | 'searchTries' | 'rootTries'>;
type SearchTry = Facts['searchTries'][number];

/** One run as the identity: the lines that it printed, and the directories that were handed to it. */
type Batch = { readonly lines: readonly string[]; readonly directories: readonly SearchTry['path'][] };

/** No try was made, and why. */
export function noTries(why: Fact<never>): Tries {
  const fact = why.state === 'unknown' ? why : unknown('there is no identity to try it as');
  return { triedAs: why, searchTries: [], rootTries: { stat: fact, list: fact, create: fact } };
}

/**
 * What the kernel answered, in batches of directories. Each batch says itself whose identity it had; when that is not
 * the one that was meant, nothing that it says counts.
 */
export function parseTries(records: readonly HostRecord[], meant: Identity): Tries {
  const { batches, unopened } = batchesOf(records);
  const last = batches.at(-1);
  if (last === undefined) throw new MalformedOutput('nothing was tried');
  for (const { lines } of batches) {
    const own = parseOwnIdentity(lines[0] ?? '', meant.user);
    if (own === null) return noTries(unknown(shortWhy(`trying as the service failed: ${lines.at(-1) ?? ''}`)));
    if (!isSameIdentity(own, meant)) return noTries(unknown("the service's identity could not be taken on exactly"));
  }
  const searchTries = batches.flatMap(searchTriesOf);
  return { triedAs: known(meant), searchTries: [...searchTries, ...unopened], rootTries: rootTriesOf(last) };
}

function batchesOf(records: readonly HostRecord[]): { batches: readonly Batch[]; unopened: readonly SearchTry[] } {
  const batches: Batch[] = [];
  const unopened: SearchTry[] = [];
  let directories: SearchTry['path'][] = [];
  for (const { key, value } of records) {
    if (key === 'try-directory') directories.push(pathFrom(value));
    if (key === 'try-unopened') {
      unopened.push({ path: pathFrom(value), answer: { result: 'failed', why: 'the probe could not open it' } });
    }
    if (key !== 'tried') continue;
    batches.push({ lines: linesOf(value), directories });
    directories = [];
  }
  if (directories.length > 0) throw new MalformedOutput('a directory was not tried');
  return { batches, unopened };
}

function searchTriesOf({ lines, directories }: Batch): SearchTry[] {
  const answers = lines.filter((line) => line.startsWith('search '));
  if (answers.length !== directories.length) throw new MalformedOutput('not every directory was tried');
  return directories.map((path, index) => ({
    path,
    answer: parseTryResult((answers[index] ?? '').slice('search '.length)),
  }));
}

function rootTriesOf({ lines }: Batch): Tries['rootTries'] {
  const [stat, list, create] = ['stat', 'list', 'create'].map((name) => rootTry(lines, name));
  if (!stat || !list || !create) throw new MalformedOutput('the storage root was not tried');
  return { stat, list, create };
}

function rootTry(lines: readonly string[], name: string): Fact<TryResult> {
  const [line, ...more] = lines.filter((candidate) => candidate.startsWith(`${name} `));
  if (line === undefined || more.length > 0) throw new MalformedOutput(`the try "${name}" is not told once`);
  const answer = line.slice(name.length + 1);
  return answer.startsWith('unknown ')
    ? unknown(shortWhy(answer.slice('unknown '.length)))
    : known(parseTryResult(answer));
}

/** `allowed`, `denied`, or `failed WHY`. */
export function parseTryResult(answer: string): TryResult {
  if (answer === 'allowed' || answer === 'denied') return { result: answer };
  if (answer.startsWith('failed ')) return { result: 'failed', why: shortWhy(answer.slice('failed '.length)) };
  throw new MalformedOutput('the answer to a try cannot be read');
}
