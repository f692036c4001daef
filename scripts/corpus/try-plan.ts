import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { parseApplyOutcome } from '../../src/host/answer/parse-apply-outcome.ts';
import { guardOverStdin } from '../../src/host/request/guard-input.ts';
import { applyRequest } from '../../src/host/request/guard-request.ts';
import type { PlanDraft, PlanStep } from '../../src/model/plan/plan.ts';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { localHost } from './diagnose.ts';
import { gainedLetters, withoutLetter } from './ground/acl-text.ts';
import { bytes } from './ground/ground.ts';
import { mayList } from './kernel/asks.ts';
import { fileTruth } from './kernel/files.ts';
import { isUsable, kernelTruth } from './kernel/truth.ts';
import type { Scene } from './scenario.ts';
import { sealedForTrial } from './trial.ts';

const NONCE = 'corpusnonce';

export type PlanTrial = {
  /** The outcome reported by the host's own script. */
  readonly outcome: string;
  /** After it, the kernel lets the service do everything that it needs. */
  readonly cures: boolean;
  /** Everything that it grants without need: the service still works without it. */
  readonly needless: readonly string[];
};

/** Applies the plan with the real script, asks the kernel, and then removes each single thing that it granted. */
export async function tryPlan(
  shell: readonly string[],
  host: HostSettings,
  draft: PlanDraft,
  scene: Scene,
): Promise<PlanTrial> {
  const plan = sealedForTrial(draft);
  const held = heldBefore(draft);
  const ran = await localHost(shell).run(
    host,
    guardOverStdin(applyRequest(NONCE, { plan, signature: null, approvals: [] })),
    {
      timeoutMs: 60_000,
      maxOutputBytes: 1 << 20,
    },
  );
  if (ran.kind === 'not-connected') return { outcome: JSON.stringify(ran.why), cures: false, needless: [] };
  const outcome = parseApplyOutcome(ran.output.stdout, NONCE);
  const told = 'why' in outcome ? `${outcome.kind}: ${JSON.stringify(outcome.why)}` : outcome.kind;
  const cures = outcome.kind === 'applied' && isAllUsable(scene, draft);
  return { outcome: told, cures, needless: cures ? needlessIn(draft, held, () => isAllUsable(scene, draft)) : [] };
}

/** One thing that a step granted. */
type Gift = { readonly what: string; readonly takeAway: () => void; readonly giveBack: () => void };

/** Paths of directories that the service could list before. An entry of its own has to keep allowing that. */
function heldBefore({ steps, identity }: PlanDraft): ReadonlySet<string> {
  const entries = steps.filter(({ action }) => action === 'setfacl');
  return new Set(entries.filter(({ path }) => mayList(path, identity)).map(({ path }) => path));
}

/** The storage and the paths beside it, for the identity of the plan. */
function isAllUsable({ storageRoot, files = [] }: Scene, { identity }: PlanDraft): boolean {
  const isFileUsable = files.every((file) => fileTruth(file, identity).answer === 'ok');
  return isFileUsable && isUsable(kernelTruth(storageRoot, identity));
}

function needlessIn(
  { steps }: PlanDraft,
  listed: ReadonlySet<string>,
  isUsableStill: () => boolean,
): readonly string[] {
  return steps
    .flatMap((step) => giftsOf(step, listed))
    .flatMap(({ what, takeAway, giveBack }) => {
      takeAway();
      const isNeedless = isUsableStill();
      giveBack();
      return isNeedless ? [what] : [];
    });
}

function giftsOf(step: PlanStep, listed: ReadonlySet<string>): readonly Gift[] {
  if (step.action === 'chmod') return addedBits(step);
  if (step.action === 'setfacl') return addedLetters(step, listed.has(step.path));
  // In a whole tree, entries that the registry does not use today are part of the same repair.
  return step.tree ? [] : [changedOwner(step)];
}

function addedBits({ path, from, to }: Extract<PlanStep, { action: 'chmod' }>): readonly Gift[] {
  const after = Number.parseInt(to, 8);
  const added = after & ~Number.parseInt(from, 8);
  const bits = Array.from({ length: 12 }, (_, index) => 1 << index).filter((bit) => (added & bit) !== 0);
  return bits.map((bit) => ({
    what: `${bit.toString(8).padStart(4, '0')} at ${path}`,
    takeAway: () => chmodSync(bytes(path), after & ~bit),
    giveBack: () => chmodSync(bytes(path), after),
  }));
}

function addedLetters(
  { path, from, to }: Extract<PlanStep, { action: 'setfacl' }>,
  wasListed: boolean,
): readonly Gift[] {
  const set = (acl: string) => execFileSync('setfacl', ['--set', acl, '--', path]);
  // What it could list before it must still be able to list: its entry replaces what allowed that, and counts only as
  // far as the mask lets it.
  const gained = gainedLetters(from, to).filter(({ letter }) => !(wasListed && letter === 'r'));
  return gained.map(({ entry, letter }) => ({
    what: `${letter} of ${entry} at ${path}`,
    takeAway: () => set(withoutLetter(to, entry, letter)),
    giveBack: () => set(to),
  }));
}

function changedOwner({ path, from, to }: Extract<PlanStep, { action: 'chown' }>): Gift {
  const set = (owners: string) => {
    const [uid, gid] = owners.split(':').map(Number);
    chownSync(bytes(path), uid ?? 0, gid ?? 0);
  };
  return { what: `owner ${to} at ${path}`, takeAway: () => set(from), giveBack: () => set(to) };
}
