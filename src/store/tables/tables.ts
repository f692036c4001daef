import type { Generated } from 'kysely';

/** The tables as they are after the last migration; a comment names the JSON that a text column holds. */
export type Tables = {
  incidents: {
    id: Generated<number>;
    host: string;
    channel: string;
    /** Actor */
    opened_by: string;
    opened_at: string;
    request_key: string;
    /** The incident whose summary holds the thread of this one. */
    summarized_in: number | null;
    /** The incident whose summary lists this one. */
    grouped_in: number | null;
    /** Traits. Null: not diagnosed yet. */
    traits: string | null;
    state: string;
    verdict: string | null;
    current_plan: string | null;
    closed_at: string | null;
  };
  plans: {
    id: string;
    incident_id: number;
    /** The plan's number within its incident: 1, 2, … */
    number: number;
    host: string;
    /** Plan, canonical (RFC 8785) */
    body: string;
    hash: string;
    state: string;
  };
  decisions: {
    plan_id: string;
    /** The person, for the rule that no one approves twice. */
    person: string;
    verdict: string;
    plan_hash: string;
    /** Actor */
    by: string;
    reason: string | null;
    at: string;
    /** The person's own SSH signature over the plan document. */
    signature: string | null;
  };
  executions: {
    plan_id: string;
    intended_at: string;
    finished_at: string | null;
    /** ApplyOutcome */
    outcome: string | null;
  };
  audit_entries: AuditEntryRow;
  /** What entries hold of people, of which they have only digests. A row that is missing was erased or dropped. */
  entry_values: {
    sequence: number;
    /** ErasableField */
    field: string;
    salt: string;
    /** JSON, canonical (RFC 8785): the digest is over the salt and this text. */
    value: string;
  };
  /** One row: the last entry that the bot has written. A witness in case the end of the entries is cut off. */
  audit_head: {
    id: number;
    sequence: number;
    hash: string;
  };
  /** One row: the last entry that was sent to the collector. */
  sent_entries: {
    id: number;
    sequence: number;
  };
  diagnoses: {
    /** The entry that recorded it. */
    sequence: number;
    incident_id: number;
    /** Diagnosis */
    body: string;
  };
  verifications: {
    /** The entry that recorded it. */
    sequence: number;
    incident_id: number;
    /** The plan after which the registry was asked. */
    plan_id: string;
    /** Verification */
    body: string;
  };
  /** SignedCheckpoint */
  checkpoints: {
    size: number;
    note: string;
  };
  /** SignedCheckpoint, with the cosignatures of a witness. */
  cosigned: {
    size: number;
    note: string;
  };
  messages: {
    /** In the order in which the messages were first put. */
    id: Generated<number>;
    key: string;
    /** Null: a notice, which belongs to no incident. */
    incident_id: number | null;
    /** Of a notice. Null: the incident's. */
    channel: string | null;
    placement: string;
    /** The body's kind, so that the delivery order is known without reading bodies. */
    kind: string;
    /** ThreadMessage. Null: it was dropped. */
    body: string | null;
    /** Grows with every new body. */
    version: number;
    /** Since when Slack has not shown the newest body. */
    waiting_since: string;
    delivered_version: Generated<number>;
    delivered_at: string | null;
    /** Slack's id of the message. */
    ts: string | null;
    /** The digest of the words that Slack showed after the last delivery. Null: not known. */
    shown: string | null;
    /** 1 once an attempt to post it has begun. Meaningless once `ts` is known. */
    trying: Generated<number>;
    not_before: string | null;
    gave_up_version: Generated<number>;
    gave_up_reason: string | null;
    /** The last audit entry whose mark the message has shown. */
    record_sequence: number | null;
    record_hash: string | null;
  };
  /** The alerts that sources have sent, each once. */
  alerts: {
    id: Generated<number>;
    source: string;
    fingerprint: string;
    status: string;
    starts_at: string | null;
    /** Alert */
    body: string;
    /** When the alert, or its last repeat, was received. */
    received_at: string;
    /** Null: it was not handled yet. */
    taken_up_at: string | null;
    /** The day on which the channel was told that it matches no host. */
    told_on: string | null;
  };
  /** The nights whose look at all hosts has been told. */
  fleet_looks: {
    night: string;
    ended_at: string;
  };
  /** What the last nightly look saw of each host. */
  host_snapshots: {
    host: string;
    seen_at: string;
    /** HostSnapshot */
    body: string;
  };
  /** What is believed of each registry of which something bad was noticed. */
  health: {
    host: string;
    /** HealthChanges */
    changes: string;
    flapping_since: string | null;
  };
  mutes: {
    id: Generated<number>;
    host: string;
    /** MuteSource */
    source: string;
    began_at: string;
    /** Null: until its source says so. */
    until: string | null;
    ended_at: string | null;
  };
  /** What was noticed of a host while it was muted. */
  muted_faults: {
    id: Generated<number>;
    host: string;
    /** MutedFaultKind */
    kind: string;
    /** Null: monitoring saw it. */
    alert_id: number | null;
    began_at: string;
    over_at: string | null;
    /** Null: no one was told of it yet. */
    told_at: string | null;
  };
  incident_alerts: {
    incident_id: number;
    alert_id: number;
  };
};

export type AuditEntryRow = {
  sequence: number;
  at: string;
  incident_id: number | null;
  incident_entry: number | null;
  /** ChainedActor */
  actor: string;
  act: string;
  plan_id: string | null;
  plan_hash: string | null;
  /** JSON object, in its chained form */
  outcome: string;
  previous_hash: string;
  hash: string;
};
