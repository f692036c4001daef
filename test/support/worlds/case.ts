import { useOf } from '../../../src/diagnosis/access/judge/judge-path.ts';
import { known } from '../../../src/model/fact.ts';
import type { Facts, Identity, TryResult } from '../../../src/model/host/facts.ts';
import { UsedPath } from '../../../src/model/host/used-path.ts';
import type { BareCode } from '../../../src/model/reason.ts';
import { type Act, inWorld } from './act.ts';
import type { CapableWorkers } from './capable-workers.ts';
import { type Answer, type Answers, OpenDirectories, type Question } from './kernel-answers.ts';
import type { Evaluator } from './prediction.ts';
import { withWorld } from './world.ts';
import { factsOfWorld } from './world-facts.ts';

/** A world, and one question about it. A leading `%` of the path stands for the world's top. */
export type Case = Question & {
  readonly acts: readonly Act[];
  /** fs.protected_symlinks of the machine. */
  readonly linksProtected: boolean;
};

/** Where everything is asked: a directory for worlds, and the workers that can take any identity. */
export type Laboratory = { readonly grounds: string; readonly workers: CapableWorkers };

/**
 * Builds the case's world and asks both. Null if they agree. The machine's own symlink protection has to be as in the
 * case.
 */
export async function differenceIn(
  { acts, linksProtected: _, ...asked }: Case,
  evaluator: Evaluator,
  { grounds, workers }: Laboratory,
): Promise<string | null> {
  return await withWorld(grounds, acts, async (top) => {
    const facts = factsOfWorld(top);
    const question = { ...asked, path: inWorld(top, asked.path) };
    const [answers] = await workers.ask([question]);
    if (!answers) throw new Error('the kernel was not asked');
    return (
      differenceOfWay(facts, question, answers, evaluator) ?? differenceAtDirectories(facts, asked.identity, evaluator)
    );
  });
}

/** stat, search, list and create, by the whole path. For a path beside the storage: whether it can be used. */
export function differenceOfWay(
  facts: Facts,
  question: Question,
  answers: Answers,
  evaluator: Evaluator,
): string | null {
  if (question.role !== undefined)
    return differenceOfUse(facts, { ...question, role: question.role }, answers, evaluator);
  return differenceBetween(evaluator.way(facts, question.path, question.identity), answers);
}

/** Once from the facts only, and once with the kernel's own answers as test results: then nothing can stay in doubt. */
function differenceOfUse(
  facts: Facts,
  { path, role, identity }: Question & { readonly role: UsedPath['role'] },
  answers: Answers,
  evaluator: Evaluator,
): string | null {
  const seen = { role, path, key: null, usedBy: null };
  const untried = evaluator.used(facts, UsedPath.parse({ ...seen, tries: {} }), identity);
  const difference = differenceBetween(untried, answers);
  if (difference !== null) return difference;
  if (role !== 'storage' && untried.doubt === null && answers.use === 'ok') return 'called usable, and never tried';
  const asTried = { ...facts, triedAs: known(identity) };
  const tried = evaluator.used(asTried, UsedPath.parse({ ...seen, tries: triesOf(role, answers) }), identity);
  const afterTries = differenceBetween(tried, answers) ?? tried.doubt;
  return afterTries === null ? null : `with what was tried: ${afterTries}`;
}

function differenceBetween(predicted: Omit<ReturnType<Evaluator['used']>, 'doubt'>, answers: Answers): string | null {
  for (const use of ['stat', 'search', 'list', 'create'] as const) {
    if (predicted[use] === answers[use]) continue;
    return `${use}: evaluated ${predicted[use] ?? 'not at all'}, the kernel says ${answers[use] ?? 'nothing'}`;
  }
  if (answers.use === undefined || predicted.use?.includes(answers.use)) return null;
  return `use: evaluated ${predicted.use?.join(' or ') ?? 'not at all'}, the kernel says ${answers.use}`;
}

/** As the host reports them: access(2) answers EROFS and EPERM with a plain no. */
function triesOf(role: UsedPath['role'], { stat, list, create, use }: Answers) {
  const tries = {
    stat: tryOf(stat),
    ...(list && { list: tryOf(list) }),
    ...(create && { create: plainTryOf(create) }),
  };
  if (use === undefined) return tries;
  switch (useOf({ role })) {
    case 'entries':
      return { ...tries, create: plainTryOf(use) };
    case 'write':
      return { ...tries, write: plainTryOf(use) };
    case 'make':
      return stat === 'ok' ? { ...tries, read: tryOf(use) } : { ...tries, read: tryOf(stat), write: plainTryOf(use) };
    default:
      return { ...tries, read: tryOf(use) };
  }
}

function tryOf(answer: Answer) {
  const ANSWERS: Partial<Record<Answer, TryResult>> = { ok: { result: 'allowed' }, EACCES: { result: 'denied' } };
  return known<TryResult>(ANSWERS[answer] ?? { result: 'failed', why: { code: CODES[answer] ?? 'not-known' } });
}

function plainTryOf(answer: Answer) {
  return tryOf(answer === 'EROFS' || answer === 'EPERM' ? 'EACCES' : answer);
}

const CODES: Partial<Record<Answer, BareCode>> = {
  ENOENT: 'not-there',
  ENOTDIR: 'not-a-directory',
  ELOOP: 'too-many-links',
  EISDIR: 'is-a-directory',
};

/** Whether the identity can pass through each directory on its own. Asked with the usual capabilities of its uid. */
export function differenceAtDirectories(facts: Facts, identity: Identity, evaluator: Evaluator): string | null {
  const isRoot = identity.uid === 0;
  const natural = { ...identity, dacOverride: isRoot, dacReadSearch: isRoot };
  const directories = facts.nodes.filter((node) => node.state === 'present' && node.kind === 'directory');
  const open = new OpenDirectories(directories.map(({ path }) => path));
  try {
    const answers = open.search(natural);
    for (const node of directories) {
      if (node.state !== 'present') continue;
      const predicted = evaluator.search(facts, node, natural);
      const answer = answers.get(node.path);
      if (predicted !== answer)
        return `search in ${node.path} alone: evaluated ${predicted}, the kernel says ${answer}`;
    }
    return null;
  } finally {
    open.close();
  }
}
