/**
 * What someone with the bot's own rights can change without a word of `audit verify`, and why: by table, or by table and column. A column that is not
 * listed is covered; one that is listed, and covered after all, fails the test.
 */
export const NOT_COVERED: Readonly<Record<string, string>> = {
  'checkpoints row': 'without a checkpoint less is proven, and nothing false; the kept copies still contradict',

  'incidents.channel': 'where the bot posts next; what it has posted is compared with Slack',
  'incidents.request_key': 'only finds a request that Slack repeats',
  'incidents.summarized_in': 'in which thread the bot posts; the entries are the same',
  'incidents.grouped_in': 'which summary lists it; the entries are the same',
  'incidents.traits': 'only compares new incidents with it',
  'incidents.state': 'where the work stands; the entries tell what was done',
  'incidents.verdict': 'a copy of the newest diagnosis, whose entry covers it',
  'incidents.current_plan': 'the newest plan; the entries tell of each plan',
  'incidents.closed_at': 'a copy of the time of an entry',

  'messages row': 'what the bot still has to say: without it less is said, and Slack’s threads show it',
  'messages.id': 'only the order of delivery',
  'messages.key': 'only what is delivered next',
  'messages.incident_id': 'only what is delivered next',
  'messages.channel': 'only what is delivered next',
  'messages.placement': 'only what is delivered next',
  'messages.kind': 'only what is delivered next',
  'messages.body': 'what Slack is to show; what it shows is compared with Slack',
  'messages.shown': 'what Slack was to show last; what it shows is compared with Slack',
  'messages.version': 'only what is delivered next',
  'messages.waiting_since': 'only what is delivered next',
  'messages.delivered_version': 'only what is delivered next',
  'messages.delivered_at': 'when Slack took it; Slack has its own time',
  'messages.ts': 'where Slack shows it; compared with Slack',
  'messages.trying': 'only what is delivered next',
  'messages.not_before': 'only what is delivered next',
  'messages.gave_up_version': 'only what is delivered next',
  'messages.gave_up_reason': 'only what is delivered next',
  'messages.record_sequence': 'a witness beside the chain: without it less is proven, and nothing false',
  'messages.record_hash': 'a witness beside the chain: without it less is proven, and nothing false',

  alerts: 'what others sent; the entry of an incident that an alert opened has what it told',
  incident_alerts: 'which alerts joined an incident; the entries tell what was done',
  cosigned: 'what a witness has signed: its key proves it, and a row of another size than its note is not believed',
  sent_entries: 'which entries a collector has; without it they are sent again',
  fleet_looks: 'which nightly looks are over',
  host_snapshots: 'what the nightly look compares with',
  health: 'what monitoring has seen lately',
  mutes: 'what is silent now; muting and its end are entries',
  muted_faults: 'what is told when a mute ends; each is an entry',
};
