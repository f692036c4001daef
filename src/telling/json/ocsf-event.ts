import type { Actor } from '../../model/record/actor.ts';
import type { Act, AuditEntry } from '../../model/record/audit.ts';

/** The version of the Open Cybersecurity Schema Framework by which events are made (https://schema.ocsf.io/1.6.0). */
export const OCSF_VERSION = '1.6.0';

const APPLICATION = 6;
/** API Activity: every entry is an act that someone did on an incident, a plan or the bot, through an interface of the bot. */
const API_ACTIVITY = 6003;

const ACTIVITY = { create: 1, read: 2, update: 3, delete: 4 } as const;
const SEVERITY = { informational: 1, low: 2, medium: 3, high: 4 } as const;

const CREATES: readonly Act[] = ['incident-opened', 'diagnosis-requested', 'plan-proposed', 'muted'];
const READS: readonly Act[] = ['diagnosed', 'verified', 'check-failed', 'record-exported'];
const DELETES: readonly Act[] = ['erased', 'details-dropped'];
const MEDIUM: readonly Act[] = [
  'older-copy-found',
  'entries-not-sent',
  'execution-unresolved',
  'check-failed',
  'monitoring-lost',
  'erased',
  'config-changed',
];

/** An event of OCSF. Required attributes are always there; `unmapped` has what no attribute is for. */
export type OcsfEvent = Readonly<Record<string, unknown>>;

/** One audit entry as an event for a SIEM. `metadata.sequence` is the entry's number, by which a stream is resumed. */
export function ocsfEvent(entry: AuditEntry, productVersion: string): OcsfEvent {
  const { sequence, at, act, actor, incidentId, incidentEntry, planId, planHash, outcome, previousHash, hash } = entry;
  const activity = activityOf(act);
  const resources = [
    ...(incidentId === null ? [] : [{ type: 'incident', uid: String(incidentId) }]),
    ...(planId === null ? [] : [{ type: 'plan', uid: planId }]),
  ];
  return {
    ...{ category_uid: APPLICATION, class_uid: API_ACTIVITY, activity_id: activity },
    type_uid: API_ACTIVITY * 100 + activity,
    time: Date.parse(at),
    severity_id: severityOf(entry),
    status_id: FAILED.includes(act) ? 2 : 1,
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Registry Doctor', vendor_name: 'Registry Doctor', version: productVersion },
      ...{ uid: hash, sequence, original_time: at },
    },
    actor: actorOf(actor),
    api: { operation: act, service: { name: 'registry-doctor' } },
    src_endpoint: { name: sourceOf(actor) },
    ...(resources.length > 0 && { resources }),
    unmapped: { incidentEntry, planHash, outcome, previousHash },
  };
}

const FAILED: readonly Act[] = ['break-glass-refused', 'check-failed'];

function activityOf(act: Act): number {
  if (CREATES.includes(act)) return ACTIVITY.create;
  if (READS.includes(act)) return ACTIVITY.read;
  return DELETES.includes(act) ? ACTIVITY.delete : ACTIVITY.update;
}

function severityOf({ act, outcome }: AuditEntry): number {
  if (act === 'break-glass-refused' || outcome['breakGlass'] === true) return SEVERITY.high;
  if (MEDIUM.includes(act)) return SEVERITY.medium;
  return act === 'plan-approved' || act.startsWith('execution') ? SEVERITY.low : SEVERITY.informational;
}

/** A person, or the program that acts on its own. Of an erased person only the digest in the chain is left. */
function actorOf(actor: Actor): object {
  switch (actor.kind) {
    case 'slack-user':
      return { user: { uid: actor.user, type_id: 1, org: { uid: actor.team } } };
    case 'terminal':
      return {
        user: {
          name: actor.user,
          type_id: 1,
          ...(actor.breakGlass && { credential_uid: actor.breakGlass.fingerprint }),
        },
      };
    case 'erased':
      return { user: { uid: actor.digest, type_id: 0 } };
    case 'bot':
      return { app_name: 'registry-doctor', app_uid: actor.part };
    case 'alert':
      return { app_name: 'alerts', app_uid: actor.source };
    case 'signal':
      return { app_name: 'operating system', app_uid: actor.signal };
  }
}

/** Through what the act came. */
function sourceOf(actor: Actor): string {
  if (actor.kind === 'erased') return NAMES[actor.was];
  return NAMES[actor.kind];
}

const NAMES: Readonly<Record<Exclude<Actor['kind'], 'erased'>, string>> = {
  'slack-user': 'slack',
  terminal: 'terminal',
  bot: 'registry-doctor',
  alert: 'alert-source',
  signal: 'operating-system',
};
