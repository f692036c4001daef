import type { NoAnswer } from '../../model/connection/no-answer.ts';
import type { HeldPlans } from '../../model/record/held-plans.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { SlackUnread } from '../../model/record/messages/slack-failure.ts';
import { noAnswer } from './no-answer.ts';
import { slackFailureClause } from './slack-failure.ts';
import { count } from './time.ts';

/** What `audit verify` says of the witnesses that it asks. */

export function askingHost(host: HostName): string {
  return `asking ${host} for the plans that ran there`;
}

export function agreesWithHost({ host, plans }: HeldPlans): string {
  if (plans.length === 0) return `${host} holds no plan, and by the record none ran there.`;
  const checkpoints = plans.filter(({ checkpoint }) => checkpoint !== null).length;
  return `The record agrees with what ${host} holds: ${count(plans.length, 'plan')} and ${count(checkpoints, 'checkpoint')}.`;
}

export function hostNotCompared(host: HostName, why: NoAnswer): string {
  return `NOT compared with ${host}: ${noAnswer(why)}. Run \`registry-doctor check\`, and verify again.`;
}

export function hostPartlyCompared({ host, plans, held }: HeldPlans): string {
  return `NOT compared with ${host}: its ${count(held - plans.length, 'oldest plan')}. It tells only the newest ${plans.length}.`;
}

export const READING_SLACK = 'reading the threads in Slack';

export function agreesWithSlack(posts: number): string {
  return `The record agrees with Slack: ${count(posts, 'post')}.`;
}

export function slackNotCompared({ channel, thread, why }: SlackUnread): string {
  const place = thread === null ? `channel ${channel}` : `the thread ${thread} in channel ${channel}`;
  return `NOT compared with Slack: ${place}: ${slackFailureClause(why)}. Run \`registry-doctor check\`, and verify again.`;
}

export function cosigned({ witness, entries, at }: Cosigned): string {
  return `The witness ${witness} cosigned the first ${count(entries, 'entry', 'entries')} at ${at.toISOString()}.`;
}

export function notCosigned(witness: string): string {
  return `No cosignature of the witness ${witness} is in the record.`;
}

type Cosigned = { readonly witness: string; readonly entries: number; readonly at: Date };
