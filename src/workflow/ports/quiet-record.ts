import type { Traits } from '../../model/quiet/group.ts';
import type { HealthChanges } from '../../model/quiet/health-changes.ts';
import type { Mute, MutedFault, MutedFaultKind } from '../../model/quiet/mute.ts';
import type { ReceivedAlert } from '../../model/record/alert.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import type { ChannelId, HostName, IncidentId } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';

/** An incident among those that might belong together. */
export type RecentIncident = Pick<Incident, 'id' | 'host' | 'openedAt' | 'openedBy' | 'state' | 'verdict'> & {
  /** Whose summary holds its thread. */
  readonly summarizedIn: IncidentId | null;
  /** Whose summary lists it. */
  readonly groupedIn: IncidentId | null;
  readonly traits: Traits | null;
};

/** The part of a transaction on the record that keeps the channel quiet. */
export interface QuietRecord {
  /** The newest incidents opened in the channel since then, at most this many, oldest first. */
  openedSince(channel: ChannelId, since: Date, limit: number): Promise<readonly RecentIncident[]>;
  /** From now on, the messages of the incident belong to the thread of that summary. */
  joinSummary(id: IncidentId, summarizedIn: IncidentId): Promise<void>;
  /** From now on, that summary lists the incident. */
  joinGroup(id: IncidentId, groupedIn: IncidentId): Promise<void>;
  /** The summary that lists the incident. Null: none does. */
  groupOf(id: IncidentId): Promise<IncidentId | null>;
  /** The first that the summary lists, at most this many, oldest first. */
  groupMembers(groupedIn: IncidentId, limit: number): Promise<readonly RecentIncident[]>;
  saveTraits(id: IncidentId, traits: Traits): Promise<void>;
  /** The incident of the host that was resolved last, since then. Null: none was. */
  resolvedSince(host: HostName, channel: ChannelId, since: Date): Promise<Incident | null>;

  /** Null: nothing bad was noticed yet. */
  health(host: HostName): Promise<HealthChanges | null>;
  saveHealth(host: HostName, health: HealthChanges): Promise<void>;
  flappingHosts(): Promise<readonly HostName[]>;

  insertMute(mute: Omit<Mute, 'id'>): Promise<Mute>;
  /** Mutes that have not ended, oldest first, of one host if `host` is given. */
  openMutes(host?: HostName): Promise<readonly Mute[]>;
  extendMute(id: number, until: string): Promise<void>;
  /** What a mute or an unmute with this request key was put on record as, since then. Null: there was none. */
  actByRequest(act: 'muted' | 'unmuted', requestKey: string, since: Date): Promise<AuditEntry | null>;
  /** False: it has ended already. */
  endMute(id: number, at: Date): Promise<boolean>;

  /** The same fault again changes nothing until it is over. */
  noteMutedFault(fault: Omit<MutedFault, 'id' | 'overAt'>): Promise<boolean>;
  /** What was noticed in this way is over. False: nothing was. */
  endMutedFault(host: HostName, kind: MutedFaultKind, at: Date): Promise<boolean>;
  /** The alerts that were noted and are like this one are over. */
  endMutedAlerts(
    host: HostName,
    alert: Pick<ReceivedAlert['alert'], 'source' | 'fingerprint'>,
    at: Date,
  ): Promise<void>;
  /** What no one was told of yet, oldest first. */
  untoldFaults(host: HostName): Promise<readonly MutedFault[]>;
  /** Hosts of which an ordinary look noticed something that is not over, and that no one was told of. */
  hostsWithMutedFault(): Promise<readonly HostName[]>;
  markFaultsTold(host: HostName, at: Date): Promise<void>;
  receivedAlert(id: number): Promise<ReceivedAlert>;
}
