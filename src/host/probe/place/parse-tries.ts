import { type Fact, known, unknown } from '../../../model/fact.ts';
import type { Facts, Identity, TryResult } from '../../../model/host/facts.ts';
import { textFromBytes } from '../../../model/host/host-path.ts';
import type { UsedPath } from '../../../model/host/used-path.ts';
import type { Reason } from '../../../model/reason.ts';
import { decimal, linesOf } from '../../frame/field-values.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';
import type { OutputField } from '../../frame/read-fields.ts';
import { readReason } from '../../frame/read-reason.ts';
import { isSameIdentity, parseOwnIdentity } from './parse-identity.ts';
import { pathFrom } from './parse-nodes.ts';

type PathTries = UsedPath['tries'];
/** The results of the access tests of the storage root and of the other used paths. */
export type Tries = Pick<Facts, 'triedAs' | 'searchTries' | 'rootTries'> & {
  /** The results for each used path, by its number in the script's order. */
  readonly pathTries: ReadonlyMap<number, PathTries>;
};
type SearchTry = Facts['searchTries'][number];

/** The accounts that test a path in place of the service's, by the path's number. */
export type OtherUsers = ReadonlyMap<number, { readonly uid: number; readonly gid: number }>;

/** One run of access tests under one identity: its arguments and its output. */
type Batch = {
  readonly lines: readonly string[];
  readonly directories: readonly SearchTry['path'][];
  /** The number of a path, or `storage-root`. */
  readonly targets: readonly string[];
};

const ROOT = 'storage-root';

/** The results if no test ran. `why` is the reason in each of them. */
export function noTries(why: Fact<never>): Tries {
  const fact = why.state === 'unknown' ? why : unknown('no-identity');
  return { triedAs: why, searchTries: [], rootTries: { stat: fact, list: fact, create: fact }, pathTries: new Map() };
}

/**
 * Parses the access tests. They come in batches, and each batch reports the identity that it ran as. If a batch of the
 * service ran as another identity than `expected`, all results are discarded. A batch of another account is discarded
 * alone.
 */
export function parseTries(
  outputFields: readonly OutputField[],
  expected: Identity,
  others: OtherUsers = new Map(),
): Tries {
  const { batches, unopened } = batchesOf(outputFields);
  const isOfOther = ({ targets }: Batch) => targets.some((target) => others.has(Number(target)));
  const serviceBatches = batches.filter((batch) => !isOfOther(batch));
  if (serviceBatches.length === 0) throw new MalformedOutput('missing', 'tries');
  for (const batch of serviceBatches) {
    const problem = identityProblem(expected, batch);
    if (problem !== null) return noTries(unknown(problem));
  }
  const byTarget = new Map(serviceBatches.flatMap(triesByTarget));
  const ofOthers = batches.filter(
    (batch) => isOfOther(batch) && identityProblem(userOf(batch, others), batch) === null,
  );
  return {
    triedAs: known(expected),
    searchTries: [...serviceBatches.flatMap(searchTriesOf), ...unopened],
    rootTries: rootTriesIn(byTarget),
    pathTries: pathTriesIn(new Map([...byTarget, ...ofOthers.flatMap(triesByTarget)])),
  };
}

/** Why the batch did not run as the expected identity. Null: it did. */
function identityProblem(expected: Identity, { lines }: Batch): Reason | null {
  const actual = parseOwnIdentity(lines[0] ?? '', expected.user);
  if (actual === null) return { code: 'try-failed', because: readReason(lines.at(-1) ?? '') };
  return isSameIdentity(actual, expected) ? null : { code: 'identity-not-exact' };
}

/** The identity that a batch of another account should run as. Only root has the two capabilities. */
function userOf({ targets }: Batch, others: OtherUsers): Identity {
  const { uid, gid } = others.get(Number(targets[0])) ?? { uid: -1, gid: -1 };
  return { user: '', uid, gid, groups: [], dacOverride: uid === 0, dacReadSearch: uid === 0 };
}

function batchesOf(outputFields: readonly OutputField[]): {
  batches: readonly Batch[];
  unopened: readonly SearchTry[];
} {
  const batches: Batch[] = [];
  const unopened: SearchTry[] = [];
  let directories: SearchTry['path'][] = [];
  let targets: string[] = [];
  for (const { key, value } of outputFields) {
    if (key === 'try-directory') directories.push(pathFrom(value));
    if (key === 'try-target') targets.push(textFromBytes(value));
    if (key === 'try-unopened') {
      unopened.push({ path: pathFrom(value), answer: { result: 'failed', why: { code: 'not-opened' } } });
    }
    if (key !== 'tried') continue;
    batches.push({ lines: linesOf(value), directories, targets });
    directories = [];
    targets = [];
  }
  if (directories.length > 0 || targets.length > 0) throw new MalformedOutput('incomplete', 'tries');
  return { batches, unopened };
}

function searchTriesOf({ lines, directories }: Batch): SearchTry[] {
  const answers = lines.filter((line) => line.startsWith('search '));
  if (answers.length !== directories.length) throw new MalformedOutput('incomplete', 'directory tries');
  return directories.map((path, index) => ({
    path,
    answer: parseTryResult((answers[index] ?? '').slice('search '.length)),
  }));
}

/** Splits the results of a batch by target. A line `target` starts the results of the next one. */
function triesByTarget({ lines, targets }: Batch): [string, readonly string[]][] {
  const starts = lines.flatMap((line, index) => (line === 'target' ? [index] : []));
  if (starts.length !== targets.length) throw new MalformedOutput('incomplete', 'path tries');
  return targets.map((target, index) => {
    const ofTarget = lines.slice((starts[index] ?? 0) + 1, starts[index + 1]);
    return [target, ofTarget.filter((line) => !line.startsWith('search '))];
  });
}

/** The results for the storage root. A registry without a storage root on the disk has none. */
function rootTriesIn(byTarget: ReadonlyMap<string, readonly string[]>): Tries['rootTries'] {
  const lines = byTarget.get(ROOT);
  const none = unknown('no-storage-root');
  if (lines === undefined) return { stat: none, list: none, create: none };
  return { stat: tryIn(lines, 'stat'), list: tryIn(lines, 'list'), create: tryIn(lines, 'create') };
}

function pathTriesIn(byTarget: ReadonlyMap<string, readonly string[]>): ReadonlyMap<number, PathTries> {
  const paths = [...byTarget].filter(([target]) => target !== ROOT);
  return new Map(
    paths.map(([target, lines]) => {
      const answer = (name: string) =>
        lines.some((line) => line.startsWith(`${name} `)) ? tryIn(lines, name) : unknown('not-used-so');
      const tries = {
        stat: tryIn(lines, 'stat'),
        list: answer('list'),
        create: answer('create'),
        read: answer('read'),
        write: answer('write'),
      };
      return [decimal(target, 'path'), tries];
    }),
  );
}

function tryIn(lines: readonly string[], name: string): Fact<TryResult> {
  const [line, ...more] = lines.filter((candidate) => candidate.startsWith(`${name} `));
  if (line === undefined) throw new MalformedOutput('missing', name);
  if (more.length > 0) throw new MalformedOutput('repeated', name);
  const answer = line.slice(name.length + 1);
  return answer.startsWith('unknown ')
    ? unknown(readReason(answer.slice('unknown '.length)))
    : known(parseTryResult(answer));
}

/** Parses a test result: `allowed`, `denied`, or `failed CODE DETAIL`. */
export function parseTryResult(answer: string): TryResult {
  if (answer === 'allowed' || answer === 'denied') return { result: answer };
  if (answer.startsWith('failed ')) return { result: 'failed', why: readReason(answer.slice('failed '.length)) };
  throw new MalformedOutput('unreadable', 'try');
}
