import type { RecoveryDoubt } from '../../model/plan/outcome-reason.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { ChannelId, HostName } from '../../model/record/ids.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { editUnmonitored, postUnmonitored } from '../record/messages.ts';
import { recordAct } from '../record/record-act.ts';

const BY_WATCH: Actor = { kind: 'bot', part: 'watch' };

/** A watched host that can't be checked. */
export type Unmonitored = {
  readonly host: HostName;
  readonly channel: ChannelId;
  /** The first look that said nothing of the registry. */
  readonly since: Date;
  /** The last look that did. Null: none since the bot started. */
  readonly lastSeenAt: Date | null;
  /** Null: the host answered, but its registry's state is not in the answer. */
  readonly why: RecoveryDoubt | null;
};

/**
 * Tells the channel, once, that a host can't be checked. The record keeps that as an incident of a state of its own, which gives it a number and a
 * thread: no registry is known to be broken.
 */
export async function tellUnmonitored(tx: RecordTransaction, unmonitored: Unmonitored, now: Date): Promise<void> {
  const { host, channel, since, lastSeenAt, why } = unmonitored;
  if ((await tx.incidentsIn(['unmonitored'], host)).length > 0) return;
  const incident = await tx.insertIncident({
    host,
    channel,
    openedBy: BY_WATCH,
    openedAt: now.toISOString(),
    requestKey: `unmonitored:${host}:${since.toISOString()}`,
  });
  if (incident === null) return;
  await tx.moveIncident(incident.id, ['diagnosing'], { state: 'unmonitored' });
  await postUnmonitored(tx, {
    incidentId: incident.id,
    host,
    openedAt: incident.openedAt,
    since: since.toISOString(),
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
    why,
  });
  await recordAct(tx, incident, {
    act: 'monitoring-lost',
    actor: BY_WATCH,
    now,
    outcome: { host, ...(why && { why }) },
  });
}

/** The host can be checked again: says so once, where it was told. */
export async function tellMonitoredAgain(tx: RecordTransaction, host: HostName, now: Date): Promise<void> {
  for (const incident of await tx.incidentsIn(['unmonitored'], host)) {
    const end = { state: 'monitored-again', closedAt: now.toISOString() } as const;
    if (!(await tx.moveIncident(incident.id, ['unmonitored'], end))) continue;
    await editUnmonitored(tx, incident.id, { seenAgainAt: now.toISOString() });
    const afterMs = now.getTime() - Date.parse(incident.openedAt);
    await recordAct(tx, incident, { act: 'monitoring-restored', actor: BY_WATCH, now, outcome: { afterMs } });
  }
}
