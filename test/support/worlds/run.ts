/**
 * Asks kernel and evaluator, as root and preferably in a private mount namespace, and prints the result as JSON:
 * `campaign`, `mutants` (evaluators broken on purpose), or `regressions`. RD_SEED repeats a campaign, RD_CASES is the
 * number of questions, about a thousand a second. `unshare --mount --propagation private node
 * test/support/worlds/run.ts campaign`.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { REGRESSIONS } from '../../diagnosis/access/kernel-regressions.ts';
import { roundsOf } from '../campaign.ts';
import { makeGrounds } from '../hosts/random-tree.ts';
import { seedOfRun } from '../random.ts';
import { type Report, runCampaign } from './campaign.ts';
import { CapableWorkers } from './capable-workers.ts';
import { differenceIn, type Laboratory } from './case.ts';
import { canProtectLinks, linksAreProtected, withLinksProtected } from './link-protection.ts';
import { MUTANTS } from './mutants.ts';
import { EVALUATOR, type Evaluator } from './prediction.ts';
import type { Means } from './random/random-world.ts';

/** The requested run, and what the machine allowed. */
export type CampaignRun = { readonly means: Means; readonly reports: readonly Report[] };
export type MutantsRun = Readonly<Record<string, Report['disagreement'] | 'needs more than this machine allows'>>;
/** By title. Null if both agree. */
export type RegressionsRun = Readonly<Record<string, string | null>>;

const DEFAULT_CASES = 10_400;
/** A broken evaluator that passes this many counts as undetected. */
const CASES_FOR_A_MUTANT = 20_000;
/** How small a case becomes depends on the first find, so it is always the same one. */
const SEED_FOR_MUTANTS = 78;
/** The next run of the tests has other ones. */
const MUTANTS_AT_ONCE = roundsOf(3, Object.keys(MUTANTS).length);

const { scratch, grounds } = makeGrounds();
const laboratory: Laboratory = { grounds, workers: new CapableWorkers() };
const means: Means = { acls: true, mounts: takesMounts(scratch), attributes: takesAttributes(scratch) };
const seed = seedOfRun();
try {
  console.log(JSON.stringify(await answerTo(process.argv[2])));
} finally {
  laboratory.workers.stop();
  rmSync(scratch, { recursive: true, force: true });
}

async function answerTo(asked: string | undefined): Promise<CampaignRun | MutantsRun | RegressionsRun> {
  switch (asked) {
    case 'campaign':
      return { means, reports: await campaigns(EVALUATOR, Number(process.env['RD_CASES'] ?? DEFAULT_CASES)) };
    case 'mutants':
      return await mutants();
    case 'regressions':
      return await regressions();
    default:
      throw new Error(`no such run: ${asked}`);
  }
}

/** One half with the machine's setting, the other with symlink protection, which most machines have anyway. */
async function campaigns(evaluator: Evaluator, cases: number): Promise<Report[]> {
  const half = { means, cases: Math.ceil(cases / 2) };
  const asItIs = await runCampaign({ ...half, seed, linksProtected: linksAreProtected() }, evaluator, laboratory);
  if (asItIs.disagreement || !canProtectLinks()) return [asItIs];
  const other = { ...half, seed: seed + 1, linksProtected: true };
  return [asItIs, await withLinksProtected(() => runCampaign(other, evaluator, laboratory))];
}

async function mutants(): Promise<MutantsRun> {
  const told: Record<string, MutantsRun[string]> = {};
  const linkProtection = canProtectLinks();
  const all = Object.entries(MUTANTS);
  const first = seed % all.length;
  for (const [name, { needs, evaluator }] of [...all, ...all].slice(first, first + MUTANTS_AT_ONCE)) {
    const isAllowed = needs === 'linkProtection' ? linkProtection : means[needs];
    const of = { seed: SEED_FOR_MUTANTS, means, cases: CASES_FOR_A_MUTANT, linksProtected: needs === 'linkProtection' };
    const run = () => runCampaign(of, evaluator, laboratory);
    const report = isAllowed ? await (needs === 'linkProtection' ? withLinksProtected(run) : run()) : null;
    told[name] = report ? report.disagreement : 'needs more than this machine allows';
  }
  return told;
}

async function regressions(): Promise<RegressionsRun> {
  const told: Record<string, string | null> = {};
  for (const { title, ...regression } of REGRESSIONS) {
    const ask = () => differenceIn(regression, EVALUATOR, laboratory);
    told[title] = regression.linksProtected && canProtectLinks() ? await withLinksProtected(ask) : await ask();
  }
  return told;
}

function takesAttributes(directory: string): boolean {
  return succeeds('chattr +i "$1" && chattr -i "$1"', directory);
}

function takesMounts(directory: string): boolean {
  return succeeds('mount --bind "$1" "$1" && umount "$1"', directory);
}

function succeeds(script: string, directory: string): boolean {
  return spawnSync('sh', ['-c', script, 'sh', directory], { stdio: 'ignore' }).status === 0;
}
