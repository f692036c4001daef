import { execFileSync } from 'node:child_process';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { HostSettings } from '../../src/model/settings.ts';
import type { Accounts } from './accounts.ts';
import type { Cause } from './causes.ts';
import { type Diagnosed, diagnoseByShell, diagnoseBySsh, hostOf, type Sshd } from './diagnose.ts';
import { Ground } from './ground.ts';
import { isUsable, type KernelTruth, kernelTruth } from './kernel-truth.ts';
import { type Chmod777, tryChmod777, writersOf } from './others/chmod-777.ts';
import { leafComplaint } from './others/leaf-check.ts';
import { readNamei } from './others/namei.ts';
import { beginPush, type RunningRegistry, startRegistry, stopRegistry, untilStatus } from './registry.ts';
import type { Scenario, Scene, SettledTruth } from './scenario.ts';
import { describe, placesOf, type Score, score, settledTruth } from './score.ts';
import { type PlanTrial, tryPlan } from './try-plan.ts';

/** What came out of one scenario: by the product, and by what people use today. */
export type Result = Omit<Score, 'problems'> & {
  readonly name: string;
  readonly cause: Cause;
  readonly truth: SettledTruth['kind'];
  /** The kernel denies the service something that it needs. */
  readonly isDenied: boolean;
  readonly by: string;
  readonly said: string;
  /** Null: no plan. */
  readonly plan: (PlanTrial & { readonly steps: readonly string[]; readonly writersMore: number }) | null;
  readonly planWanted: boolean;
  /** Why it falls short of the aim. */
  readonly problems: readonly string[];
  readonly namei: OthersAnswer;
  readonly leafCheck: OthersAnswer;
  /** Null where the kernel denies nothing. */
  readonly chmod777: Chmod777 | null;
  readonly scriptMs: number | null;
  readonly bytes: number;
};

/** `noticed`: it said that something is wrong. `named`: at the right place. */
export type OthersAnswer = { readonly noticed: boolean; readonly named: boolean };

export type Tools = {
  readonly accounts: Accounts;
  readonly shell: readonly string[];
  readonly sshd: () => Promise<Sshd>;
};

/** Builds the scenario, diagnoses it, tries what was proposed, and takes everything away again. */
export async function runScenario(scenario: Scenario, tools: Tools): Promise<Result> {
  const result = await onGround(scenario, tools, (built) => judgeScenario(scenario, tools, built));
  if (!result.isDenied) return result;
  // Once more from the start: the others' way has to find what we found.
  const chmod777 = await onGround(scenario, tools, async ({ scene }) =>
    tryChmod777(scene.storageRoot, scene.identity, tools.accounts),
  );
  return { ...result, chmod777 };
}

type Built = { readonly scene: Scene; readonly registry: RunningRegistry; readonly ground: Ground };

async function onGround<T>(scenario: Scenario, { accounts }: Tools, work: (built: Built) => Promise<T>): Promise<T> {
  const ground = new Ground(accounts);
  let registry: RunningRegistry | null = null;
  try {
    const scene = await scenario.build(ground);
    registry = await startRegistry(ground, scene);
    await scene.onceRunning?.(registry);
    return await work({ scene, registry, ground });
  } finally {
    if (registry) await stopRegistry(registry);
    ground.clear();
  }
}

async function judgeScenario(scenario: Scenario, tools: Tools, { scene, registry, ground }: Built): Promise<Result> {
  const { accounts, shell } = tools;
  const kernel = kernelTruth(scene.storageRoot, scene.identity);
  const truth = settledTruth(scenario, kernel);
  await untilItKnows(registry, scene, kernel);
  const host = hostOf(registry, scene);
  const before = inodesBelow(ground);
  const diagnosed = scenario.overSsh
    ? await diagnoseBySsh(await tools.sshd(), host, scene)
    : await diagnoseByShell(shell, host, scene);
  const { diagnosis, facts, raw, complaints } = diagnosed;
  const { problems, ...scored } = score(truth, scene, kernel, diagnosis);
  const misbehaved = [
    ...(inodesBelow(ground) === before ? [] : ['the probe changed something on the host']),
    ...(complaints === '' ? [] : [`the probe complained: ${complaints.trim().replaceAll('\n', '; ')}`]),
  ];

  const places = placesOf(truth, scene, kernel);
  const blamed = readNamei(scene.storageRoot, scene.identity, accounts);
  const complaint = leafComplaint(scene.storageRoot, accounts);
  const plan = await judgePlan(tools, host, scene, kernel, diagnosis);
  const after = await judgeAfter(tools, host, scene, registry, diagnosed, plan);
  return {
    ...scored,
    name: scenario.name,
    cause: scenario.cause,
    truth: truth.kind,
    isDenied: !isUsable(kernel),
    by: scenario.overSsh ? 'ssh' : (shell[0] ?? ''),
    said: describe(diagnosis),
    plan,
    planWanted: 'plan' in truth && truth.plan === 'cures',
    problems: [...problems, ...misbehaved, ...planProblems(truth, plan), ...after],
    namei: { noticed: blamed !== null, named: blamed !== null && blamed.path === places[0] },
    leafCheck: {
      noticed: complaint !== null,
      named: complaint !== null && places[0] === kernel.root && kernel.root !== null,
    },
    chmod777: null,
    scriptMs: facts?.probe.scriptMs ?? null,
    bytes: raw?.length ?? 0,
  };
}

/** The registry looks after its storage every 50 ms; what it says shall be what is so now. */
async function untilItKnows(registry: RunningRegistry, scene: Scene, kernel: KernelTruth): Promise<void> {
  const checksStorage = scene.registry?.healthCheck !== false && registry.child?.exitCode === null;
  const isUnwell = kernel.stat !== 'ok' && kernel.stat !== 'ENOENT';
  if (checksStorage && isUnwell && registry.child?.signalCode === null) await untilStatus(registry, 503);
}

async function judgePlan(
  { accounts, shell }: Tools,
  host: HostSettings,
  scene: Scene,
  kernel: KernelTruth,
  { plan }: Diagnosis,
): Promise<Result['plan']> {
  if (plan === null) return null;
  const writers = () => (kernel.root === null ? 0 : writersOf(kernel.root, scene.identity, accounts));
  const before = writers();
  const trial = await tryPlan(shell, host, plan);
  const steps = plan.steps.map(({ action, path, from, to }) => `${action} ${from} → ${to} ${path}`);
  return { ...trial, steps, writersMore: writers() - before };
}

function planProblems(truth: SettledTruth, plan: Result['plan']): readonly string[] {
  const wanted = 'plan' in truth ? truth.plan : 'none';
  if (plan === null) return wanted === 'none' ? [] : ['there is no plan, and one would mend it'];
  if (wanted === 'none') return [`no plan is right here, and it proposed ${plan.steps.join('; ')}`];
  if (wanted === 'mends') return plan.outcome === 'applied' ? [] : [`the plan ended ${plan.outcome}`];
  return [
    ...(plan.cures ? [] : [`the plan does not cure (${plan.outcome}): ${plan.steps.join('; ')}`]),
    ...plan.needless.map((gift) => `the plan gives more than needed: ${gift}`),
  ];
}

/** A cure that the kernel confirms has to satisfy the registry itself, a push, and the next diagnosis as well. */
async function judgeAfter(
  tools: Tools,
  host: HostSettings,
  scene: Scene,
  registry: RunningRegistry,
  { diagnosis }: Diagnosed,
  plan: Result['plan'],
): Promise<readonly string[]> {
  if (!plan?.cures) return [];
  const problems: string[] = [];
  const runs = registry.child !== null && registry.child.exitCode === null && registry.child.signalCode === null;
  if (runs) {
    await untilStatus(registry, 200);
    const pushed = await beginPush(registry);
    if (pushed !== 202 && scene.registry?.config === undefined) problems.push(`cured, but a push answers ${pushed}`);
  }
  const again = await diagnoseByShell(tools.shell, host, scene);
  const still = again.diagnosis.findings.filter(
    ({ id, path, severity }) =>
      severity === 'fault' && diagnosis.findings.some((before) => before.id === id && before.path === path),
  );
  const isLeft = still.some(({ path }) => path !== null);
  if (isLeft) problems.push(`cured, but the next diagnosis says ${describe(again.diagnosis)}`);
  return problems;
}

/** Everything that a probe must not change: modes, owners, and the time of any change. */
function inodesBelow({ top }: Ground): string {
  // The registry's own log grows while we look.
  return execFileSync('find', [top, '-path', `${top}/log`, '-prune', '-o', '-printf', '%i %m %U %G %C@ %p\\n'], {
    encoding: 'latin1',
    maxBuffer: 64 * 1024 * 1024,
  });
}
