import { onDeepLook } from '../../incident/watch/deep-look.ts';
import { deepPauseMs } from '../../incident/watch/watch-pace.ts';
import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { HostSettings, WatchSettings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import { isHealthy } from '../host/ask-registry.ts';
import { diagnoseCatchingFaults } from '../host/diagnose-host.ts';
import { endMutedFault, isMuted, noteMutedFault } from '../incident/mutes.ts';
import { knownIncident, noticeFault } from '../incident/notice-fault.ts';
import { resolveOpenIncidents } from '../incident/resolve-incidents.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { recordFailedCheck } from '../record/record-failed-check.ts';
import { type Situation, situationOf } from './host-situation.ts';
import type { LookTurns } from './look-turns.ts';

const BY_DEEP_LOOK: Actor = { kind: 'bot', part: 'deep-look' };

/** A watched host, and its place among the others. */
export type LookingDeeper = {
  readonly host: HostSettings;
  readonly watch: WatchSettings;
  /** Shared by all watched hosts. */
  readonly turns: LookTurns;
  /** Its place among all watched hosts, from 0 to 1. */
  readonly place: number;
  /** From 0 to 1. */
  readonly random: () => number;
};

/**
 * Diagnoses a watched host every `deepLookMinutes` until `stop`, without changing it: its registry can answer as
 * healthy and yet be unable to use its storage. `onOpened` starts the diagnosis of an incident.
 */
export async function lookDeeperUntil(
  stop: AbortSignal,
  context: WorkflowContext,
  looking: LookingDeeper,
  onOpened: (incident: Incident) => void,
): Promise<void> {
  const { host, watch, turns, place, random } = looking;
  if (watch.deepLookMinutes === 0) return;
  const intervalMs = watch.deepLookMinutes * 60_000;
  // Spread over a whole interval: a start must not diagnose all hosts together.
  await context.clock.sleep(place * intervalMs, stop);
  let isFailing = false;
  while (!stop.aborted) {
    const before: boolean = isFailing;
    isFailing = await turns.takeDeep(stop, async () =>
      stop.aborted ? before : lookDeeper(stop, context, { host, isFailing: before }, onOpened),
    );
    await context.clock.sleep(deepPauseMs(intervalMs, random()), stop);
  }
}

/** `isFailing`: the last deeper look since the start came to no verdict, which is on record. */
type LookedAt = { readonly host: HostSettings; readonly isFailing: boolean };

/** One deeper look and its consequences. Resolves with the new `isFailing`. If it fails, the next one sees the same again. */
async function lookDeeper(
  stop: AbortSignal,
  context: WorkflowContext,
  { host, isFailing }: LookedAt,
  onOpened: (incident: Incident) => void,
): Promise<boolean> {
  const { store, log, metrics } = context;
  try {
    const before = await store.transact((tx) => situationOf(tx, host.name));
    if (before.isBusy) {
      log.debug({ host: host.name }, 'no deeper look: the host is being worked on');
      return isFailing;
    }
    const { diagnosis } = await diagnoseCatchingFaults(context, host);
    if (stop.aborted) return isFailing;
    const { verdict, findings, durationMs } = diagnosis;
    metrics.count('deepLook', { verdict });
    log.debug({ host: host.name, verdict, finding: findings[0]?.id, durationMs }, 'looked deeper at a monitored host');
    const concluded = await store.transact((tx) => conclude(tx, context, { host, before, diagnosis, isFailing }));
    if (concluded.opened !== null) onOpened(concluded.opened);
    return concluded.isFailing;
  } catch (error) {
    log.error({ err: error, host: host.name }, 'a deeper look at a monitored host failed');
    return isFailing;
  }
}

type Seen = LookedAt & { readonly before: Situation; readonly diagnosis: Diagnosis };

/** A diagnosis during which someone else began to work on the host says nothing about what they left. */
async function conclude(
  tx: RecordTransaction,
  context: WorkflowContext,
  { host, before, diagnosis, isFailing }: Seen,
): Promise<{ readonly opened: Incident | null; readonly isFailing: boolean }> {
  const now = context.clock.now();
  const after = await situationOf(tx, host.name);
  if (after.isBusy || after.open.join() !== before.open.join()) return { opened: null, isFailing };
  const hasFailed = diagnosis.verdict === 'inconclusive';
  if (hasFailed && !isFailing)
    await recordFailedCheck(tx, { host: host.name, part: 'deep-look', findings: diagnosis.findings }, now);
  const answersHealthy = isHealthy(diagnosis);
  if (answersHealthy && diagnosis.verdict === 'healthy')
    await endMutedFault(tx, { host: host.name, kind: 'deep-look', by: BY_DEEP_LOOK }, now);
  const step = onDeepLook({
    answersHealthy,
    diagnosis,
    hasIncident: after.open.length > 0,
    isTold: (await knownIncident(tx, context, host.name)) !== null,
  });
  if (step === 'resolve') await resolveOpenIncidents(tx, host.name, now, { by: 'deep-look', proof: 'diagnosis' });
  const opened = step === 'open-incident' ? await openDeepIncident(tx, context, host.name, now) : null;
  return { opened, isFailing: hasFailed };
}

/** Null: the host is muted, and the first deeper look after that opens the incident; or the incident is in another channel. */
async function openDeepIncident(
  tx: RecordTransaction,
  context: WorkflowContext,
  host: HostName,
  now: Date,
): Promise<Incident | null> {
  if (await isMuted(tx, context, host)) {
    await noteMutedFault(tx, { host, by: BY_DEEP_LOOK, kind: 'deep-look', alertId: null }, now);
    return null;
  }
  const requestKey = `deep-look:${host}:${now.toISOString()}`;
  const noticed = await noticeFault(tx, context, { host, by: BY_DEEP_LOOK, requestKey });
  return noticed.kind === 'elsewhere' ? null : noticed.incident;
}
