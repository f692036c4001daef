import { connectionFinding } from '../../diagnosis/checks/connection-findings.ts';
import { judgeFacts } from '../../diagnosis/judge-facts.ts';
import { parseProbe } from '../../host/probe/parse-probe.ts';
import { probeRequest } from '../../host/request/guard-request.ts';
import type { NoAnswer } from '../../model/connection/no-answer.ts';
import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { ConnectionFindingId, Finding } from '../../model/diagnosis/finding.ts';
import { known } from '../../model/fact.ts';
import type { Facts } from '../../model/host/facts.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import { messageOf } from '../../model/message-of.ts';
import { OperatorError } from '../../model/operator-error.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { Clock, Log } from '../ports/bot.ts';
import type { NotConnectedReason, RemoteHost, RemoteOutput, RunOptions } from '../ports/host.ts';
import { hasBegun } from './refusals.ts';
import { firstLine, guardMismatch, runGuard, type Unanswered, whyNoAnswer } from './run-guard.ts';

/** Enough for a hung registry (3 s an answer) on a slow host. A slower host can't be judged. */
export const PROBE_LIMITS: RunOptions = { timeoutMs: 20_000, maxOutputBytes: 1024 * 1024 };

export type HostDiagnosis = {
  readonly diagnosis: Diagnosis;
  /** Null when the probe found nothing that can be judged. */
  readonly facts: Facts | null;
  /** What the host printed, for the operator. Null if nothing was run. */
  readonly rawProbe: Uint8Array | null;
};

type Probe =
  | { readonly kind: 'facts'; readonly facts: Facts; readonly raw: Uint8Array }
  | { readonly kind: 'walked-other-root'; readonly root: HostPath }
  | { readonly kind: 'nothing'; readonly finding: Finding; readonly raw: Uint8Array | null };

/**
 * One diagnosis of one host, without changing it: one exec of one script, then the pure judgment. Never throws for what
 * a host does. A host that can't be judged gives an inconclusive diagnosis with the reason.
 */
export async function diagnoseHost(
  outside: { remote: RemoteHost; clock: Clock },
  host: HostSettings,
  onProbed: () => Promise<void> = async () => {},
): Promise<HostDiagnosis> {
  const startedAt = outside.clock.now().getTime();
  const probe = await probeTheRightRoot(outside, host);
  await onProbed();
  // The clock might have been set back meanwhile.
  const durationMs = () => Math.max(0, outside.clock.now().getTime() - startedAt);
  if (probe.kind === 'nothing') {
    return { diagnosis: inconclusive(host, probe.finding, durationMs()), facts: null, rawProbe: probe.raw };
  }
  const judged = judgeFacts(probe.facts);
  return { diagnosis: { ...judged, durationMs: durationMs() }, facts: probe.facts, rawProbe: probe.raw };
}

/**
 * A bug in judging one host's answer ends that diagnosis with the error; otherwise it would be retried forever. Rejects if the record can't be
 * written: that says nothing about the host.
 */
export async function diagnoseCatchingFaults(
  outside: { remote: RemoteHost; clock: Clock; log: Log },
  host: HostSettings,
  onProbed?: () => Promise<void>,
): Promise<HostDiagnosis> {
  try {
    return await diagnoseHost(outside, host, onProbed);
  } catch (error) {
    if (isStoreFault(error)) throw error;
    outside.log.error({ err: error, host: host.name }, 'a diagnosis failed');
    const why = { code: 'bot-failed', said: messageOf(error) } as const;
    return { diagnosis: inconclusive(host, connectionFinding('probe-malformed', why), 0), facts: null, rawProbe: null };
  }
}

function isStoreFault(error: unknown): boolean {
  return error instanceof OperatorError && error.operatorProblem.code === 'store';
}

/**
 * The script finds the storage root on its own, so that one exec is enough. If it reads an unusual config file
 * differently from the YAML library, it is given the root and run once more.
 */
async function probeTheRightRoot(
  outside: { remote: RemoteHost; clock: Clock },
  host: HostSettings,
): Promise<Exclude<Probe, { kind: 'walked-other-root' }>> {
  const first = await probeOnce(outside, host, null);
  if (first.kind !== 'walked-other-root') return first;
  const second = await probeOnce(outside, host, first.root);
  if (second.kind !== 'walked-other-root') return second;
  return { kind: 'nothing', finding: connectionFinding('probe-malformed', { code: 'root-changed' }), raw: null };
}

async function probeOnce(
  { remote, clock }: { remote: RemoteHost; clock: Clock },
  host: HostSettings,
  rootOverride: HostPath | null,
): Promise<Probe> {
  const from = clock.now();
  const run = await runGuard(remote, host, (nonce) => probeRequest({ nonce, host, rootOverride }), PROBE_LIMITS);
  const to = clock.now();
  if (run.kind === 'not-connected') return { kind: 'nothing', finding: findingOf(run, host), raw: null };
  const raw = run.output.stdout;
  if (run.kind !== 'answered') return { kind: 'nothing', finding: findingOf(run, host), raw };
  const parsed = parseProbe(raw, { nonce: run.nonce, host: host.name });
  if (parsed.kind === 'malformed') {
    const why: NoAnswer = noGuardBegan(0, run.output) ?? { code: 'malformed', why: parsed.why };
    return { kind: 'nothing', finding: connectionFinding('probe-malformed', why), raw };
  }
  if (parsed.kind !== 'facts') return parsed;
  const ahead = known(clockAheadSeconds(parsed.facts.takenAt, { from, to }));
  return { kind: 'facts', facts: { ...parsed.facts, clockAheadSeconds: ahead, enteredBy: [...host.enter] }, raw };
}

/** The finding for each reason. Without its known_hosts file the bot can verify no host key. */
const FINDING_OF: Record<NotConnectedReason, ConnectionFindingId> = {
  'login-key-unusable': 'login-key-unusable',
  'known-hosts-unreadable': 'host-key-mismatch',
  'host-unreachable': 'host-unreachable',
  'host-key-mismatch': 'host-key-mismatch',
  'authentication-failed': 'authentication-failed',
};

/** Why the host could not be diagnosed. */
function findingOf(run: Unanswered, host: HostSettings): Finding {
  const mismatch = guardMismatch(run, host);
  if (mismatch !== null) return connectionFinding('guard-mismatch', mismatch);
  const nothing = run.kind === 'failed' ? noGuardBegan(run.exitCode, run.output) : null;
  return connectionFinding(findingIdOf(run), nothing ?? whyNoAnswer(run));
}

/** What the login did in place of the guard, as with a ForceCommand or a start-up file that ends it. Null: it began. */
function noGuardBegan(exitCode: number, output: RemoteOutput): NoAnswer | null {
  if (hasBegun(output)) return null;
  const said = [output.stderr, output.stdout].map(firstLine).find((line) => line !== '') ?? '';
  return { code: 'no-guard-began', exitCode, said };
}

function findingIdOf(run: Unanswered): ConnectionFindingId {
  switch (run.kind) {
    case 'not-connected':
      return FINDING_OF[run.reason];
    case 'sudo-refused':
      return 'sudo-refused';
    case 'timed-out':
      return 'probe-timed-out';
    case 'guard-refused':
      return 'guard-refused';
    case 'failed':
    case 'no-exit-status':
    case 'truncated':
      return 'probe-malformed';
  }
}

/**
 * The minimum by which a host's clock is ahead of ours, in seconds (negative: behind). It read `takenAt` (whole
 * seconds) at some moment between `from` and `to` of ours, so 0 means that the two might agree.
 */
export function clockAheadSeconds(takenAt: number, asked: { readonly from: Date; readonly to: Date }): number {
  const earliest = Math.floor(asked.from.getTime() / 1000);
  const latest = Math.floor(asked.to.getTime() / 1000);
  if (takenAt > latest) return takenAt - latest;
  return Math.min(takenAt - earliest, 0);
}

/** Makes a diagnosis without facts, with the reason as its only finding. */
export function inconclusive(host: HostSettings, finding: Finding, durationMs: number): Diagnosis {
  return {
    host: host.name,
    verdict: 'inconclusive',
    durationMs,
    service: null,
    storageRoot: null,
    walk: [],
    findings: [finding],
    v2: null,
    health: null,
    plan: null,
    images: null,
    whyNow: null,
    durability: null,
  };
}
