import { judgeWalk } from '../../../src/diagnosis/access/judge/judge-walk.ts';
import type { Facts, Identity } from '../../../src/model/host/facts.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { SeededRandom } from '../random.ts';
import { inWorld } from './act.ts';
import { type Case, differenceAtDirectories, differenceIn, differenceOfWay, type Laboratory } from './case.ts';
import type { Question } from './kernel-answers.ts';
import type { Evaluator } from './prediction.ts';
import { type Means, randomQuestion, randomWorld } from './random/random-world.ts';
import { shrinkCase } from './shrink.ts';
import { withWorld } from './world.ts';
import { factsOfWorld } from './world-facts.ts';

const QUESTIONS_A_WORLD = 200;
/** Identities that are asked about every directory of a world. */
const SEARCHERS_A_WORLD = 5;

export type Disagreement = {
  readonly difference: string;
  readonly found: Case;
  readonly smallest: Case;
  /** False: asked again, they agreed, so nothing could be left out. */
  readonly seenAgain: boolean;
};

export type Report = {
  readonly cases: number;
  /** How often the kernel gave which answer, and the evaluator which reason. */
  readonly seen: Readonly<Record<string, number>>;
  /** The first one, minimized. */
  readonly disagreement: Disagreement | null;
};

/** Asks kernel and evaluator about random worlds until this many questions are asked, or one gets different answers. */
export async function runCampaign(
  of: { readonly seed: number; readonly cases: number; readonly means: Means; readonly linksProtected: boolean },
  evaluator: Evaluator,
  laboratory: Laboratory,
): Promise<Report> {
  const random = new SeededRandom(of.seed);
  const seen: Record<string, number> = {};
  let cases = 0;
  while (cases < of.cases) {
    const world = randomWorld(random, of.means);
    const questions = Array.from({ length: QUESTIONS_A_WORLD }, () => randomQuestion(random, world));
    const found = await withWorld(laboratory.grounds, world.acts, (top) =>
      askAll(top, questions, evaluator, laboratory, seen),
    );
    cases += questions.length;
    if (found === null) continue;
    const failing = { acts: world.acts, ...found.question, linksProtected: of.linksProtected };
    const stillFails = async (smaller: Case) => (await differenceIn(smaller, evaluator, laboratory)) !== null;
    const seenAgain = await stillFails(failing);
    const smallest = seenAgain ? await shrinkCase(failing, stillFails) : failing;
    return { cases, seen, disagreement: { difference: found.difference, found: failing, smallest, seenAgain } };
  }
  return { cases, seen, disagreement: null };
}

async function askAll(
  top: string,
  questions: readonly Question[],
  evaluator: Evaluator,
  { workers }: Laboratory,
  seen: Record<string, number>,
): Promise<{ question: Question; difference: string } | null> {
  const facts = factsOfWorld(top);
  const answers = await workers.ask(questions.map((question) => ({ ...question, path: inWorld(top, question.path) })));
  for (const [index, question] of questions.entries()) {
    const asked = { ...question, path: inWorld(top, question.path) };
    const told = answers[index];
    if (!told) continue;
    const difference =
      differenceOfWay(facts, asked, told, evaluator) ??
      (index < SEARCHERS_A_WORLD ? differenceAtDirectories(facts, asked.identity, evaluator) : null);
    if (difference !== null) return { question, difference: difference.replaceAll(top, '%') };
    const of = asked.role === undefined ? '' : asked.role === 'storage' ? 'inside the storage ' : 'beside it ';
    for (const [use, answer] of Object.entries(told)) count(seen, `${of}${use} ${answer}`);
    if (asked.role !== undefined) continue;
    for (const reason of reasonsOn(facts, asked.path, asked.identity)) count(seen, `because of ${reason}`);
  }
  return null;
}

/** Which rules were used, so that an unused one is noticed. */
function reasonsOn(facts: Facts, path: string, identity: Identity): Set<string> {
  const { visits } = judgeWalk(facts, HostPath.parse(path), identity);
  return new Set(visits.map(({ step: { reason } }) => (reason.kind === 'bits' ? reason.class : reason.kind)));
}

function count(seen: Record<string, number>, what: string): void {
  seen[what] = (seen[what] ?? 0) + 1;
}
