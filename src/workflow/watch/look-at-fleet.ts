import { fleetReport, type HostLook } from '../../incident/watch/fleet-report.ts';
import { driftBetween, snapshotOf } from '../../incident/watch/host-snapshot.ts';
import { type Night, nightDue, untilNextNightMs } from '../../incident/watch/nightly.ts';
import type { HostSnapshot } from '../../model/fleet/fleet-look.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import { diagnoseCatchingFaults } from '../host/diagnose-host.ts';
import { isMuted } from '../incident/mutes.ts';
import type { RegistryHttp } from '../ports/host.ts';
import { recordFailedCheck } from '../record/record-failed-check.ts';
import { certificatesOf } from './certificates.ts';
import { situationOf } from './host-situation.ts';
import type { LookTurns } from './look-turns.ts';

/** The clock might be set, so the wait for a night ends now and then. */
const LONGEST_WAIT_MS = 15 * 60_000;
const RETRY_MS = 60_000;

export type FleetLooking = {
  readonly http: RegistryHttp;
  /** Shared with all other looks. */
  readonly turns: LookTurns;
  /** Resolves after this time, or earlier when the settings are others. */
  readonly pause: (ms: number) => Promise<void>;
};

/**
 * Diagnoses every host once a night until `stop`, without changing any, and tells the incident channel in one post. The
 * record keeps which night was told, so a restart tells none twice.
 */
export async function lookAtFleetUntil(
  stop: AbortSignal,
  context: WorkflowContext,
  looking: FleetLooking,
): Promise<void> {
  while (!stop.aborted) {
    let waitMs = RETRY_MS;
    try {
      await lookIfDue(stop, context, looking);
      waitMs = untilNextMs(context);
    } catch (error) {
      context.log.error({ err: error }, 'the nightly look failed; the next try follows');
    }
    await looking.pause(waitMs);
  }
}

function untilNextMs({ settings, clock }: WorkflowContext): number {
  const { fleetLook } = settings;
  if (fleetLook === null) return LONGEST_WAIT_MS;
  return Math.min(untilNextNightMs(fleetLook, clock.now()), LONGEST_WAIT_MS);
}

async function lookIfDue(stop: AbortSignal, context: WorkflowContext, looking: FleetLooking): Promise<void> {
  const { settings, clock, store } = context;
  const night = settings.fleetLook === null ? null : nightDue(settings.fleetLook, clock.now());
  if (night === null || (await store.transact((tx) => tx.isFleetLookEnded(night.date)))) return;
  await lookAtFleet(stop, context, looking, night);
}

/** What was seen of one host, and what the next look compares. */
type Seen = { readonly look: HostLook; readonly snapshot: HostSnapshot | null };

async function lookAtFleet(
  stop: AbortSignal,
  context: WorkflowContext,
  { http, turns }: FleetLooking,
  night: Night,
): Promise<void> {
  const { settings, clock, store, log } = context;
  log.info({ night: night.date, hosts: settings.hosts.size }, 'the nightly look begins');
  const hosts = [...settings.hosts.values()];
  const looks = await allOrNone(stop, hosts, (host, end) =>
    turns.takeDeep(end, async () => (end.aborted ? 'ended' : lookAtHost(context, http, host))),
  );
  if (stop.aborted) return;
  const seen = looks.filter((one) => typeof one !== 'string');
  const body = fleetReport(
    seen.map(({ look }) => look),
    clock.now(),
    looks.filter((one) => one === 'muted').length,
  );
  await store.transact(async (tx) => {
    if (!(await tx.endFleetLook(night.date))) return;
    for (const { look, snapshot } of seen) {
      if (snapshot !== null) await tx.putHostSnapshot(look.host, snapshot);
      const { host, diagnosis } = look;
      if (diagnosis?.verdict === 'inconclusive')
        await recordFailedCheck(tx, { host, part: 'nightly-look', findings: diagnosis.findings }, clock.now());
    }
    await tx.putNotice({ key: `fleet-look:${night.date}`, channel: settings.incidentChannel, body });
  });
  log.info({ night: night.date, hosts: body.hosts, quiet: body.quiet }, 'the nightly look ended');
}

/** All results. If one fails, those that wait end with it, so that nothing of this look is left when it rejects. */
async function allOrNone<Item, Result>(
  stop: AbortSignal,
  items: readonly Item[],
  look: (item: Item, end: AbortSignal) => Promise<Result>,
): Promise<readonly Result[]> {
  const failure = new AbortController();
  const end = AbortSignal.any([stop, failure.signal]);
  const looks = items.map((item) =>
    look(item, end).catch((error: unknown) => {
      failure.abort();
      throw error;
    }),
  );
  await Promise.allSettled(looks);
  return Promise.all(looks);
}

/** What is muted is not told, so it is not looked at. */
async function lookAtHost(context: WorkflowContext, http: RegistryHttp, host: HostSettings): Promise<Seen | 'muted'> {
  const { muted, isBusy, before } = await context.store.transact(async (tx) => ({
    muted: await isMuted(tx, context, host.name),
    isBusy: (await situationOf(tx, host.name)).isBusy,
    before: await tx.hostSnapshot(host.name),
  }));
  if (muted) return 'muted';
  if (isBusy) return { look: { host: host.name, diagnosis: null, drift: [], certificates: [] }, snapshot: null };
  const { diagnosis, facts } = await diagnoseCatchingFaults(context, host);
  const snapshot = facts && snapshotOf(facts);
  const drift = before === null || snapshot === null ? [] : driftBetween(before, snapshot);
  const certificates = await certificatesOf(http, host, facts);
  const { verdict, findings, durability } = diagnosis;
  return { look: { host: host.name, diagnosis: { verdict, findings, durability }, drift, certificates }, snapshot };
}
