import { guardChecks } from '../../src/cli/check/guard-check.ts';
import { systemClock } from '../../src/compose/system-clock.ts';
import { undoPlan } from '../../src/diagnosis/plan/undo-plan.ts';
import { parseApplyOutcome } from '../../src/host/answer/parse-apply-outcome.ts';
import { GUARD_DIGEST } from '../../src/host/request/guard-program.ts';
import { applyRequest, outcomeRequest, type SignedPlan } from '../../src/host/request/guard-request.ts';
import { planDocument } from '../../src/host/request/plan-document.ts';
import type { Diagnosis } from '../../src/model/diagnosis/diagnosis.ts';
import { inWords } from '../../src/model/host/host-check.ts';
import type { ApplyOutcome } from '../../src/model/plan/execution.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { checkHost, whatLoginRuns } from '../../src/ssh/run/check-host.ts';
import type { Ssh2RemoteHost } from '../../src/ssh/run/remote-host.ts';
import { KeyFilePlanSigner } from '../../src/ssh/signing/plan-signer.ts';
import { diagnosisText } from '../../src/telling/text/diagnosis-text.ts';
import { guardReason } from '../../src/words/en/guard-reasons.ts';
import { outcomeReason } from '../../src/words/en/outcome-reasons.ts';
import { wordsFor } from '../../src/words/index.ts';
import { plainText } from '../../src/words/phrase.ts';
import { askGuardVersion } from '../../src/workflow/host/ask-guard-version.ts';
import { diagnoseHost } from '../../src/workflow/host/diagnose-host.ts';
import type { NotAccepted } from '../../src/workflow/host/plan-on-host.ts';
import { isNotRun, runGuard, whyNoAnswer } from '../../src/workflow/host/run-guard.ts';
import { sealedForTrial, silentRemote } from '../corpus/trial.ts';

const words = wordsFor('en');
const PLAIN = { bold: same, faint: same, alarming: same, reassuring: same };
const APPLY_LIMITS = { timeoutMs: 120_000, maxOutputBytes: 2 * 1024 * 1024, approved: true } as const;

function same(text: string): string {
  return text;
}

/** What the product said at each stage, and how long it took. Null: it was not reached. */
export type Story = {
  /** The checks of `check` that did not pass, in its words. */
  readonly check: readonly string[];
  readonly broken: Told;
  readonly applied: string | null;
  readonly outcome: string | null;
  readonly fixed: Told | null;
  readonly undone: string | null;
  readonly brokenAgain: Told | null;
};

export type Told = {
  readonly verdict: Diagnosis['verdict'];
  /** The first finding that is not a note, or the first. */
  readonly finding: string | null;
  readonly headline: string;
  /** Why nothing could be judged, or no plan can run, and what to do, in words. Null: neither. */
  readonly reason: string | null;
  readonly steps: readonly string[];
  /** Findings other than the first. */
  readonly others: readonly string[];
  readonly isProven: boolean;
  readonly ms: number;
};

export type Access = {
  readonly knownHostsFile: string;
  readonly signingKeyFile: string;
  /** Called before the diagnosis of the registry that has to be healthy again. */
  readonly untilHealthy: () => Promise<void>;
};

/** Checks, diagnoses, fixes, asks for the outcome, and undoes, each as the bot does it, over one SSH connection. */
export async function runFlow(host: HostSettings, access: Access): Promise<Story> {
  const remote = silentRemote(access.knownHostsFile);
  try {
    const check = await failedChecks(remote, host);
    const first = await diagnoseHost({ remote, clock: systemClock }, host);
    const broken = told(first.diagnosis);
    const nothing = { applied: null, outcome: null, fixed: null, undone: null, brokenAgain: null };
    const { plan: draft } = first.diagnosis;
    if (draft === null) return { check, broken, ...nothing };
    const send = sender(remote, host, access);
    const plan = sealedForTrial(draft);
    const applied = await send(plan, applyRequest);
    const outcome = await send(plan, outcomeRequest);
    if (applied.kind !== 'applied')
      return { check, broken, ...nothing, applied: kindOf(applied), outcome: kindOf(outcome) };
    await access.untilHealthy();
    const second = await diagnoseHost({ remote, clock: systemClock }, host);
    const undone = await undo(remote, host, plan, applied, send);
    const third = await diagnoseHost({ remote, clock: systemClock }, host);
    return {
      check,
      broken,
      applied: kindOf(applied),
      outcome: kindOf(outcome),
      fixed: told(second.diagnosis),
      undone,
      brokenAgain: told(third.diagnosis),
    };
  } finally {
    await remote.close();
  }
}

async function undo(
  remote: Ssh2RemoteHost,
  host: HostSettings,
  plan: Plan,
  applied: ApplyOutcome,
  send: ReturnType<typeof sender>,
): Promise<string> {
  const answer = await askGuardVersion(remote, host);
  if (answer.kind !== 'version') return `no version: ${answer.kind}`;
  const { hostname, bootId, uptimeSeconds } = answer.version;
  if (bootId === null || uptimeSeconds === null) return 'boot unknown';
  const made = undoPlan(plan, applied, { hostname, bootId, uptimeSeconds });
  return made.kind === 'draft' ? kindOf(await send(sealedForTrial(made.draft, plan), applyRequest)) : made.why;
}

async function failedChecks(remote: Ssh2RemoteHost, host: HostSettings): Promise<readonly string[]> {
  const checks = await checksOf(remote, host);
  return checks.filter(({ result }) => result === 'failed').map(({ what, why }) => `${what}: ${why}`);
}

async function checksOf(remote: Ssh2RemoteHost, host: HostSettings) {
  const { guard } = host;
  if (guard === null) return inWords(await checkHost(remote, host), words.trialCheck.trialNote);
  const answer = await askGuardVersion(remote, host);
  const login = answer.kind === 'not-connected' ? 'unclear' : await whatLoginRuns(remote, host);
  return guardChecks({ ...host, guard }, { kind: 'guard', guard, answer, login }, GUARD_DIGEST, words);
}

function sender(remote: Ssh2RemoteHost, host: HostSettings, { signingKeyFile }: Access) {
  const signer = new KeyFilePlanSigner({ file: signingKeyFile, passphraseFile: null }, { keyPassphrase: null });
  return async (
    plan: Plan,
    requestOf: (nonce: string, signed: SignedPlan) => string,
  ): Promise<ApplyOutcome | NotAccepted> => {
    const made = host.guard === null ? null : await signer.sign(planDocument(plan));
    const signature = made?.kind === 'signed' ? made.signature : null;
    const run = await runGuard(
      remote,
      host,
      (nonce) => requestOf(nonce, { plan, signature, approvals: [] }),
      APPLY_LIMITS,
    );
    if (run.kind === 'answered') return parseApplyOutcome(run.output.stdout, run.nonce);
    return { kind: isNotRun(run) ? 'not-accepted' : 'unknown', why: { code: 'no-answer', why: whyNoAnswer(run) } };
  };
}

/** The outcome as a word, with the reason as people read it. */
function kindOf(outcome: ApplyOutcome | NotAccepted): string {
  switch (outcome.kind) {
    case 'not-accepted':
    case 'refused':
    case 'unknown':
      return `${outcome.kind}: ${outcomeReason(outcome.why)}`;
    case 'undone':
    case 'undo-failed':
      return `${outcome.kind}: ${guardReason(outcome.why)}`;
    default:
      return outcome.kind;
  }
}

function told(diagnosis: Diagnosis): Told {
  const [first, ...others] = diagnosis.findings;
  return {
    verdict: diagnosis.verdict,
    finding: first?.id ?? null,
    headline: words.verdict.verdictTitle(diagnosis),
    reason: diagnosis.walk.length > 0 ? noPlanIn(diagnosis) : reasonIn(diagnosisText(diagnosis, PLAIN, null, words)),
    steps: (diagnosis.plan?.steps ?? []).map((step) => `${step.action} ${step.to} ${step.path}`),
    others: [...new Set(others.map(({ id }) => id))],
    isProven: first?.proof === 'kernel',
    ms: Math.round(diagnosis.durationMs),
  };
}

function noPlanIn(diagnosis: Diagnosis): string | null {
  const finding = diagnosis.findings.find(({ id }) => id === 'no-plan-can-run');
  if (finding === undefined) return null;
  const { title, because, remedy } = words.findings.findingWords(finding, diagnosis);
  return `${plainText(title)}. ${plainText(because)} ${plainText(remedy)}`;
}

/** What follows the headline and the title, up to the other findings. */
function reasonIn(text: string): string {
  return (text.split('\n\n')[1] ?? '').split('\n').slice(1).join(' ');
}
