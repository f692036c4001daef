import { ALERT_KINDS } from './settings/alert-settings.ts';

/**
 * Everything that the bot counts and measures about itself, as Prometheus gets it. One line per metric: the code that
 * observes it, its labels and their types follow from that line. A label's values are a fixed list, or the hosts or alert sources of
 * the config. Nothing that people or hosts send becomes a label, because each new value would be a new series for ever.
 */

/** In place of a list of values: the names of the hosts in the config. */
export const HOST = 'host';
/** The same of the alert sources in the config. */
export const ALERT_SOURCE = 'alert source';

type Labels = Readonly<Record<string, readonly string[] | typeof HOST | typeof ALERT_SOURCE>>;

type About = { readonly name: string; readonly help: string; readonly labels: Labels };

/** A value that only grows. */
export type CounterEntry = About & { readonly kind: 'counter' };
/** A value that goes up and down. */
export type GaugeEntry = About & { readonly kind: 'gauge' };
/** Counts observed values in `buckets`, by their upper bounds. */
export type HistogramEntry = About & { readonly kind: 'histogram'; readonly buckets: readonly number[] };
export type MetricEntry = CounterEntry | GaugeEntry | HistogramEntry;

const SHORT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3] as const;
const LONG_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60] as const;

const VERDICTS = ['healthy', 'faulty', 'inconclusive'] as const;
const DECISIONS = ['endorsed', 'approved', 'rejected', 'withdrawn'] as const;
const OUTCOMES = ['applied', 'stale', 'undone', 'refused', 'undo-failed', 'unresolved'] as const;
const ANSWERS = ['well', 'not-well', 'not-asked'] as const;
/** How a registry was asked: from the bot itself, through the SSH connection, or by the guard on its host. */
const WAYS = ['from-bot', 'from-host', 'guard'] as const;
const LOOKS = ['healthy', 'unhealthy', 'blind'] as const;
const SLACK_ERRORS = ['refused', 'rate-limited', 'no-answer'] as const;
const SSH_ERRORS = [
  'login-key-unusable',
  'known-hosts-unreadable',
  'host-unreachable',
  'host-key-mismatch',
  'authentication-failed',
  'no-exit-status',
  'timed-out',
] as const;
const SILENCE_READS = ['read', 'failed'] as const;
const RELOADS = ['applied', 'refused'] as const;

export const METRICS = {
  diagnosis: histogram(
    'diagnosis_duration_seconds',
    'Time that a diagnosis took, by its verdict.',
    { verdict: VERDICTS },
    LONG_SECONDS,
  ),
  acknowledgement: histogram(
    'slack_ack_duration_seconds',
    'Time from a request of Slack to its acknowledgement. Slack gives up after 3 s.',
    {},
    SHORT_SECONDS,
  ),
  incident: counter('incidents_opened_total', 'Incidents opened, by who opened them: a person, the bot or an alert.', {
    by: ['person', 'bot', 'alert'],
  }),
  decision: counter(
    'plan_decisions_total',
    'Decisions on plans; endorsed: an approval of a plan that needs more; withdrawn: by its requester.',
    {
      decision: DECISIONS,
    },
  ),
  execution: counter('executions_total', 'Plans that were sent to a host, by outcome.', { outcome: OUTCOMES }),
  verification: counter('verifications_total', 'What registries answered after a change.', { answer: ANSWERS }),
  look: counter('watch_looks_total', 'Looks at watched registries, by way and result.', { way: WAYS, result: LOOKS }),
  deepLook: counter('deep_looks_total', 'Full diagnoses of watched hosts by monitoring, by verdict.', {
    verdict: VERDICTS,
  }),
  lookDelay: histogram(
    'watch_lag_seconds',
    'How much later than due a look at a watched registry began.',
    {},
    LONG_SECONDS,
  ),
  hostBlind: gauge('watch_host_blind', '1 if the last look at a watched host got no answer, otherwise 0.', {
    host: HOST,
  }),
  watchedHosts: gauge('watched_hosts', 'Hosts of the config that are watched.', {}),
  alert: counter('alerts_received_total', 'Alerts received, by source and its kind.', {
    source: ALERT_SOURCE,
    kind: ALERT_KINDS,
  }),
  silenceRead: counter('silence_reads_total', 'Readings of an Alertmanager’s silences, by result.', {
    result: SILENCE_READS,
  }),
  slackError: counter('slack_errors_total', 'Messages that Slack did not take, by kind.', { kind: SLACK_ERRORS }),
  file: counter(
    'files_total',
    'Files for threads, by what they hold and what became of them; unanswered: given up without a refusal.',
    {
      about: ['record', 'picture', 'plan'],
      outcome: ['posted', 'refused', 'unanswered', 'not-made'],
    },
  ),
  slackConnected: gauge('slack_connected', '1 if Slack and the bot reach each other, otherwise 0.', {}),
  sshError: counter(
    'ssh_errors_total',
    'Scripts that did not run to their end on a host, and checks that got no connection to one, by kind.',
    {
      kind: SSH_ERRORS,
    },
  ),
  outboxDepth: gauge('outbox_messages', 'Messages that Slack does not show yet, or shows in an older version.', {}),
  outboxAge: gauge('outbox_oldest_age_seconds', 'For how long the oldest of these messages has been waiting.', {}),
  unsentAge: gauge(
    'audit_unsent_oldest_age_seconds',
    'For how long the oldest audit entry has been waiting to be sent to the OpenTelemetry collector.',
    {},
  ),
  notSent: counter(
    'audit_entries_not_sent_total',
    'Audit entries that the OpenTelemetry collector never gets: it took none of them alone, rejected them, or their rows can’t be read.',
    { reason: ['refused', 'rejected', 'unreadable'] },
  ),
  recordWritable: gauge('record_writable', '1 if the record can be written, otherwise 0.', {}),
  olderCopy: gauge(
    'record_older_copy',
    '1 if the database does not have an entry that this bot has seen, so nothing is done on it; otherwise 0.',
    {},
  ),
  checkpoint: counter(
    'checkpoints_total',
    'Checkpoints of the record that were handed to those who keep them; contradicted: the witness knows another record.',
    { to: ['file', 'syslog', 'witness'], result: ['kept', 'failed', 'contradicted'] },
  ),
  reload: counter('config_reloads_total', 'Reloads of the config file, by result.', { result: RELOADS }),
  configRefused: gauge(
    'config_refused',
    '1 if the config file was refused when it was last reloaded, otherwise 0.',
    {},
  ),
} as const satisfies Readonly<Record<string, MetricEntry>>;

export type MetricName = keyof typeof METRICS;
type NameOf<K extends MetricEntry['kind']> = {
  [N in MetricName]: (typeof METRICS)[N]['kind'] extends K ? N : never;
}[MetricName];
export type CounterName = NameOf<'counter'>;
export type GaugeName = NameOf<'gauge'>;
export type HistogramName = NameOf<'histogram'>;

type ValueOf<V> = V extends readonly string[] ? V[number] : string;
/** The labels of one metric, each with the values that it can have. */
export type MetricLabels<N extends MetricName> = {
  readonly [L in keyof (typeof METRICS)[N]['labels']]: ValueOf<(typeof METRICS)[N]['labels'][L]>;
};

function counter<const L extends Labels>(name: string, help: string, labels: L) {
  return { kind: 'counter', name: `registry_doctor_${name}`, help, labels } as const;
}

function gauge<const L extends Labels>(name: string, help: string, labels: L) {
  return { kind: 'gauge', name: `registry_doctor_${name}`, help, labels } as const;
}

function histogram<const L extends Labels>(name: string, help: string, labels: L, buckets: readonly number[]) {
  return { kind: 'histogram', name: `registry_doctor_${name}`, help, labels, buckets } as const;
}
