import { execFileSync } from 'node:child_process';
import type { Diagnosis } from '../../src/model/diagnosis/diagnosis.ts';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import type { Cause } from './causes.ts';
import { type Diagnosed, diagnoseByShell, diagnoseBySsh, hostOf, type Sshd } from './diagnose.ts';
import type { Accounts } from './ground/accounts.ts';
import { Ground } from './ground/ground.ts';
import type { Prepared } from './ground/prepared.ts';
import { isRunning, restart, startRegistry, stopRegistry, untilLogged, untilStatus } from './ground/registry.ts';
import type { RunningRegistry } from './ground/running-registry.ts';
import { fileTruth } from './kernel/files.ts';
import { leaksOf, readersOf } from './kernel/secrets.ts';
import { isUsable, type KernelTruth, kernelTruth } from './kernel/truth.ts';
import { type Chmod777, tryChmod777, writersOf } from './others/chmod-777.ts';
import { leafComplaint } from './others/leaf-check.ts';
import { readNamei } from './others/namei.ts';
import type { Scenario, Scene, SettledTruth } from './scenario.ts';
import { describe, placesOf, type Score, score, settledTruth } from './score.ts';
import { isServing, refusalsIn, servingOf } from './served.ts';
import { type PlanTrial, tryPlan } from './try-plan.ts';

/** The result of one scenario: by the product, and by what people use today. */
export type Result = Omit<Score, 'problems'> & {
  readonly name: string;
  readonly cause: Cause;
  readonly truth: SettledTruth['kind'];
  /** The kernel denies the service something that it needs. */
  readonly isDenied: boolean;
  readonly by: string;
  readonly said: string;
  /** Null: no plan. */
  readonly plan:
    | (PlanTrial & {
        readonly steps: readonly string[];
        readonly writersMore: number;
        /** Which accounts can read a secret now and could not before. */
        readonly leaks: readonly string[];
      })
    | null;
  readonly planWanted: boolean;
  /** A push and every pull succeeded at the time of the diagnosis. */
  readonly serves: boolean;
  /** The same with the plan applied, and the registry restarted if it was down. Null: no such plan. */
  readonly servesAfter: boolean | null;
  /** Why it falls short of the aim. */
  readonly problems: readonly string[];
  readonly namei: OthersAnswer;
  readonly leafCheck: OthersAnswer;
  /** Null where the kernel denies nothing. */
  readonly chmod777: Chmod777 | null;
  readonly scriptMs: number | null;
  readonly bytes: number;
};

/** `noticed`: it reported a fault. `named`: at the right path. */
export type OthersAnswer = { readonly noticed: boolean; readonly named: boolean };

export type Tools = {
  readonly accounts: Accounts;
  readonly prepared: Prepared;
  readonly shell: readonly string[];
  readonly sshd: () => Promise<Sshd>;
};

/** Builds the scenario, diagnoses it, tries the proposal, and removes everything again. */
export async function runScenario(scenario: Scenario, tools: Tools): Promise<Result> {
  const result = await onGround(scenario, tools, (built) => judgeScenario(scenario, tools, built));
  if (!result.isDenied) return result;
  // Again from the start: the other method has to start from the same state.
  const chmod777 = await onGround(scenario, tools, async ({ scene }) =>
    tryChmod777(scene.storageRoot, scene.identity, tools.accounts),
  );
  return { ...result, chmod777 };
}

type Built = { readonly scene: Scene; readonly registry: RunningRegistry; readonly ground: Ground };

async function onGround<T>(scenario: Scenario, tools: Tools, work: (built: Built) => Promise<T>): Promise<T> {
  const ground = new Ground(tools.accounts, tools.prepared);
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
  const files = (scene.files ?? []).map((file) => fileTruth(file, scene.identity));
  const truth = settledTruth(scenario, kernel, files);
  await untilItKnows(registry, scene, kernel);
  const host = hostOf(registry, scene);
  const before = inodesBelow(ground);
  const diagnosed = scenario.overSsh
    ? await diagnoseBySsh(await tools.sshd(), host, scene)
    : await diagnoseByShell(shell, host, scene);
  const { diagnosis, facts, raw, complaints } = diagnosed;
  const isUntouched = inodesBelow(ground) === before;
  const serving = await servingOf(registry, scene);
  const { problems, ...scored } = score(scenario, truth, { scene, kernel, files, serving }, diagnosis);
  const misbehaved = [
    ...(isUntouched ? [] : ['the probe changed something on the host']),
    ...(complaints === '' ? [] : [`the probe complained: ${complaints.trim().replaceAll('\n', '; ')}`]),
  ];

  const places = placesOf(truth, scene, kernel);
  const blamed = readNamei(scene.storageRoot, scene.identity, accounts);
  const complaint = leafComplaint(scene.storageRoot, accounts);
  const plan = await judgePlan(tools, host, scene, kernel, diagnosis);
  const after = plan?.cures ? await judgeAfter(tools, host, scene, registry, diagnosed) : null;
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
    serves: isServing(serving),
    servesAfter: after?.serves ?? null,
    problems: [...problems, ...misbehaved, ...planProblems(truth, plan), ...(after?.problems ?? [])],
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

/** The registry checks its storage every 50 ms. It has to report the current state. */
async function untilItKnows(registry: RunningRegistry, scene: Scene, kernel: KernelTruth): Promise<void> {
  const checksStorage = scene.registry?.healthCheck !== false && isRunning(registry);
  const isUnwell = kernel.stat !== 'ok' && kernel.stat !== 'ENOENT';
  if (checksStorage && isUnwell) await untilStatus(registry, 503);
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
  const readers = readersOf(scene, accounts);
  const trial = await tryPlan(shell, host, plan, scene);
  const steps = plan.steps.map(({ action, path, from, to }) => `${action} ${from} → ${to} ${path}`);
  return { ...trial, steps, writersMore: writers() - before, leaks: leaksOf(scene, accounts, readers) };
}

function planProblems(truth: SettledTruth, plan: Result['plan']): readonly string[] {
  const wanted = 'plan' in truth ? truth.plan : 'none';
  if (wanted === 'any') return plan?.leaks ?? [];
  if (plan === null) return wanted === 'none' ? [] : ['there is no plan, and one would mend it'];
  if (wanted === 'none') return [`no plan is right here, and it proposed ${plan.steps.join('; ')}`];
  if (wanted === 'mends') return plan.outcome === 'applied' ? [] : [`the plan ended ${plan.outcome}`];
  return [
    ...plan.leaks.map((leak) => `the plan gives a secret away: ${leak}`),
    ...(plan.cures ? [] : [`the plan does not cure (${plan.outcome}): ${plan.steps.join('; ')}`]),
    ...plan.needless.map((gift) => `the plan gives more than needed: ${gift}`),
  ];
}

type After = { readonly serves: boolean; readonly problems: readonly string[] };

/** A fix that the kernel confirms has to satisfy a push, every pull, and the next diagnosis as well. */
async function judgeAfter(
  tools: Tools,
  host: HostSettings,
  scene: Scene,
  registry: RunningRegistry,
  { diagnosis }: Diagnosed,
): Promise<After> {
  const ran = isRunning(registry);
  const again = ran ? registry : await restart(registry);
  try {
    if (servesNobodyHere(scene)) {
      await untilLogged(again, 'listening on');
      return { serves: true, problems: [] };
    }
    await untilStatus(again, 200);
    const serving = await servingOf(again, scene);
    const refused = isServing(serving) || scene.refusesPushes ? [] : [`cured, but ${refusalsIn(serving)}`];
    const next = await diagnoseByShell(tools.shell, host, scene);
    const isLeft = next.diagnosis.findings.some(
      ({ id, path, severity }) =>
        severity === 'fault' &&
        path !== null &&
        diagnosis.findings.some((before) => before.id === id && before.path === path),
    );
    const left = isLeft ? [`cured, but the next diagnosis says ${describe(next.diagnosis)}`] : [];
    return { serves: refused.length === 0, problems: [...refused, ...left] };
  } finally {
    if (!ran) await stopRegistry(again);
  }
}

/** It requires tokens that no one here issues, or certificates from the internet. Only its start can be checked. */
function servesNobodyHere({ registry }: Scene): boolean {
  const auth = registry?.config?.['auth'];
  return registry?.state === 'silent' || (typeof auth === 'object' && auth !== null && 'token' in auth);
}

/** Everything that a probe must not change: modes, owners, and the time of any change. */
function inodesBelow({ top }: Ground): string {
  // The registry's own log grows meanwhile, and the kernel writes to the file of a disk when it likes.
  return execFileSync(
    'find',
    [top, '(', '-path', `${top}/log`, '-o', '-name', '*.img', ')', '-prune', '-o', '-printf', '%i %m %U %G %C@ %p\\n'],
    {
      encoding: 'latin1',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
}
