import type { Facts, Identity } from '../../../src/model/facts.ts';
import { type Act, inWorld } from './act.ts';
import type { CapableWorkers, Question } from './capable-workers.ts';
import { type Answers, OpenDirectories } from './kernel-answers.ts';
import type { Evaluator, Predicted } from './prediction.ts';
import { withWorld } from './world.ts';
import { factsOfWorld } from './world-facts.ts';

/** A world, and one question about it. */
export type Case = {
  readonly acts: readonly Act[];
  /** A leading `%` stands for the world's top. */
  readonly path: string;
  readonly identity: Identity;
  /** fs.protected_symlinks of the machine. */
  readonly linksProtected: boolean;
};

/** Where everything is asked: a directory for worlds, and those who can become anybody. */
export type Laboratory = { readonly grounds: string; readonly workers: CapableWorkers };

/** Builds the case's world and asks both; null where they say the same. The machine's own protection of links has to be as in the case. */
export async function differenceIn(
  { acts, path, identity }: Case,
  evaluator: Evaluator,
  { grounds, workers }: Laboratory,
): Promise<string | null> {
  return await withWorld(grounds, acts, async (top) => {
    const facts = factsOfWorld(top);
    const question = { path: inWorld(top, path), identity };
    const [answers] = await workers.ask([question]);
    if (!answers) throw new Error('the kernel was not asked');
    return differenceOfWay(facts, question, answers, evaluator) ?? differenceAtDirectories(facts, identity, evaluator);
  });
}

/** stat, search, list and create, by the whole path. */
export function differenceOfWay(
  facts: Facts,
  { path, identity }: Question,
  answers: Answers,
  evaluator: Evaluator,
): string | null {
  const predicted: Predicted = evaluator.way(facts, path, identity);
  for (const use of ['stat', 'search', 'list', 'create'] as const) {
    if (predicted[use] === answers[use]) continue;
    return `${use}: evaluated ${predicted[use] ?? 'not at all'}, the kernel says ${answers[use] ?? 'nothing'}`;
  }
  return null;
}

/** May the identity pass through each directory by itself? Asked as who has the capabilities that its uid has. */
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
