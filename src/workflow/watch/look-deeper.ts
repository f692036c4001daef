import { onDeepLook } from '../../incident/watch/deep-look.ts';
import type { HostLook } from '../../incident/watch/fleet-report.ts';
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
import type { RegistryHttp } from '../ports/host.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { recordFailedCheck } from '../record/record-failed-check.ts';
import { certificatesOf } from './certificates.ts';
import { type Situation, situationOf } from './host-situation.ts';
import type { LookTurns } from './look-turns.ts';
import { tellsWarnings, tellWarnings } from './tell-warnings.ts';

const BY_DEEP_LOOK: Actor = { kind: 'bot', part: 'deep-look' };

/** A watched host, and its place among the others. */
export type LookingDeeper = {
  readonly host: HostSettings;
  readonly watch: WatchSettings;
  readonly http: RegistryHttp;
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
  const { host, watch, http, turns, place, random } = looking;
  if (watch.deepLookMinutes === 0) return;
  const intervalMs = watch.deepLookMinutes * 60_000;
  // Spread over a whole interval: a start must not diagnose all hosts together.
  await context.clock.sleep(place * intervalMs, stop);
  let known: Known = { isFailing: false, told: new Set() };
  while (!stop.aborted) {
    const before: Known = known;
    known = await turns.takeDeep(stop, async () =>
      stop.aborted ? before : lookDeeper(stop, context, { host, http, known: before }, onOpened),
    );
    await context.clock.sleep(deepPauseMs(intervalMs, random()), stop);
  }
}

/** What is known of a host since the start. */
type Known = {
  /** The last deeper look came to no verdict, which is on record. */
  readonly isFailing: boolean;
  /** The warnings that it still has and that were told. */
  readonly told: ReadonlySet<string>;
};

type LookedAt = { readonly host: HostSettings; readonly http: RegistryHttp; readonly known: Known };

/** One deeper look and its consequences. Resolves with what is known then. If it fails, the next one sees the same again. */
async function lookDeeper(
  stop: AbortSignal,
  context: WorkflowContext,
  { host, http, known }: LookedAt,
  onOpened: (incident: Incident) => void,
): Promise<Known> {
  const { store, log, metrics } = context;
  try {
    const before = await store.transact((tx) => situationOf(tx, host.name));
    if (before.isBusy) {
      log.debug({ host: host.name }, 'no deeper look: the host is being worked on');
      return known;
    }
    const { diagnosis, facts } = await diagnoseCatchingFaults(context, host);
    const certificates = tellsWarnings(context.settings) ? await certificatesOf(http, host, facts) : [];
    if (stop.aborted) return known;
    const { verdict, findings, durationMs } = diagnosis;
    metrics.count('deepLook', { verdict });
    log.debug({ host: host.name, verdict, finding: findings[0]?.id, durationMs }, 'looked deeper at a monitored host');
    const { opened, ...after } = await store.transact((tx) =>
      conclude(tx, context, { host, before, diagnosis, certificates, known }),
    );
    if (opened !== null) onOpened(opened);
    return after;
  } catch (error) {
    log.error({ err: error, host: host.name }, 'a deeper look at a monitored host failed');
    return known;
  }
}

type Seen = Omit<LookedAt, 'http'> & {
  readonly before: Situation;
  readonly diagnosis: Diagnosis;
  readonly certificates: HostLook['certificates'];
};

/** A diagnosis during which someone else began to work on the host says nothing about what they left. */
async function conclude(
  tx: RecordTransaction,
  context: WorkflowContext,
  { host, before, diagnosis, certificates, known }: Seen,
): Promise<Known & { readonly opened: Incident | null }> {
  const now = context.clock.now();
  const after = await situationOf(tx, host.name);
  if (after.isBusy || after.open.join() !== before.open.join()) return { ...known, opened: null };
  const hasFailed = diagnosis.verdict === 'inconclusive';
  if (hasFailed && !known.isFailing)
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
  const look = { host: host.name, diagnosis, drift: [], certificates };
  const told =
    after.open.length === 0 && opened === null ? await tellWarnings(tx, context, look, known.told) : known.told;
  return { opened, isFailing: hasFailed, told };
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
