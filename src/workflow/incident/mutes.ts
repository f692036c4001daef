import { isDeepStrictEqual } from 'node:util';
import { openingAt } from '../../incident/quiet/maintenance.ts';
import type { Mute, MutedFault, MutedFaultKind, MuteSource } from '../../model/quiet/mute.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Settings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { BY_WORKFLOW } from '../record/record-act.ts';

/** A mute as it should be on record. */
export type WantedMute = Pick<Mute, 'host' | 'source' | 'until'>;

/** Whether nothing is told of the host now. A mute whose time is up counts until its end is told. */
export async function isMuted(
  tx: RecordTransaction,
  { settings, clock }: Pick<WorkflowContext, 'settings' | 'clock'>,
  host: HostName,
): Promise<boolean> {
  if ((await tx.openMutes(host)).length > 0) return true;
  return maintenanceNow(settings, clock.now(), host).length > 0;
}

/** The maintenance windows that are open now: one mute for each of their hosts, or for one host. */
export function maintenanceNow({ quiet, hosts }: Settings, now: Date, host?: HostName): readonly WantedMute[] {
  return quiet.maintenance.flatMap((window) => {
    const about = window.hosts.filter((name) => hosts.has(name) && (host === undefined || name === host));
    const opening = about.length === 0 ? null : openingAt(window, now.getTime());
    if (opening === null) return [];
    const source = { kind: 'window', every: window.every, zone: window.zone } as const;
    return about.map((name) => ({ host: name, source, until: new Date(opening.endMs).toISOString() }));
  });
}

/** Puts a mute on record that begins now. `request`: the key of the request for it. */
export async function beginMute(tx: RecordTransaction, wanted: WantedMute, now: Date, request?: string): Promise<Mute> {
  const at = now.toISOString();
  const { host, source, until } = wanted;
  const mute = await tx.insertMute({ ...wanted, beganAt: at });
  const reason = source.kind === 'person' && source.reason !== null ? { reason: source.reason } : {};
  const outcome = {
    host,
    ...reason,
    ...toldSource(source),
    ...(until !== null && { until }),
    ...(request !== undefined && { request }),
  };
  await tx.appendOwnAct({ at, actor: actorOf(source), act: 'muted', outcome });
  return mute;
}

/** Puts the end of a mute on record. False: it has ended already. `request`: the key of the request to end it. */
export async function endMute(
  tx: RecordTransaction,
  mute: Mute,
  now: Date,
  { by = BY_WORKFLOW, request }: { readonly by?: Actor; readonly request?: string } = {},
): Promise<boolean> {
  if (!(await tx.endMute(mute.id, now))) return false;
  const { host, source } = mute;
  const outcome = { host, ...toldSource(source), ...(request !== undefined && { request }) };
  await tx.appendOwnAct({ at: now.toISOString(), actor: by, act: 'unmuted', outcome });
  return true;
}

/** As both of its entries tell it. The person is the first one's actor, and only that one has the reason: it is erased with the person. */
function toldSource(source: MuteSource): Readonly<Record<string, string>> {
  switch (source.kind) {
    case 'person':
      return {};
    case 'window':
      return { window: `${source.every} ${source.zone}` };
    case 'silence':
      return { silence: `${source.source} ${source.id}` };
  }
}

function actorOf(source: MuteSource): Actor {
  return source.kind === 'person' ? source.by : BY_WORKFLOW;
}

/** Whether two mutes are one and the same. */
export function isSameMute(one: Pick<Mute, 'host' | 'source'>, other: Pick<Mute, 'host' | 'source'>): boolean {
  return one.host === other.host && isDeepStrictEqual(one.source, other.source);
}

/** Puts on record, once, that a muted host was noticed as unhealthy, or could not be checked. */
export async function noteMutedFault(
  tx: RecordTransaction,
  fault: Omit<MutedFault, 'id' | 'overAt' | 'beganAt'> & { readonly by: Actor; readonly since?: Date },
  now: Date,
): Promise<void> {
  const { host, by, kind, alertId, since = now } = fault;
  if (!(await tx.noteMutedFault({ host, kind, alertId, beganAt: since.toISOString() }))) return;
  const outcome = toldFault({ host, kind });
  await tx.appendOwnAct({ at: now.toISOString(), actor: by, act: 'fault-muted', outcome });
}

/** Puts on record that what was noticed of a muted host in this way is over. */
export async function endMutedFault(
  tx: RecordTransaction,
  { host, kind, by }: Pick<MutedFault, 'host' | 'kind'> & { readonly by: Actor },
  now: Date,
): Promise<void> {
  if (!(await tx.endMutedFault(host, kind, now))) return;
  const outcome = toldFault({ host, kind });
  await tx.appendOwnAct({ at: now.toISOString(), actor: by, act: 'muted-fault-over', outcome });
}

function toldFault({ host, kind }: { host: HostName; kind: MutedFaultKind }): Readonly<Record<string, string>> {
  return { host, ...(kind === 'blind' && { noticed: kind }) };
}
