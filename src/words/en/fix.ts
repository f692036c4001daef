import type { HostName, IncidentId, PlanId } from '../../model/ids.ts';

/** What `registry-doctor fix` says: what stands in its way, what was not done, what to do next. */

export const FIX_QUESTION = 'Why is Slack not waited for? This goes on record: ';

export function fixNotConfigured(): string {
  return 'The config file names no break-glass keys (breakGlass.allowedSigners). Nothing was looked at or changed. Name the file of keys there, or have the plan approved in Slack.';
}

export function fixNeedsTerminal(): string {
  return 'There is no terminal to type the reason on. Nothing was looked at or changed. Run this where somebody can read the plan and answer.';
}

export function fixNoPlan(host: HostName): string {
  return `There is no plan for ${host} that could be run. Nothing was changed.`;
}

export function fixNoReason(plan: PlanId): string {
  return `Without a reason nothing runs. Nothing was changed. Plan ${plan} goes on waiting for an approval in Slack.`;
}

export function fixReasonTooLong(plan: PlanId, max: number): string {
  return `The reason has more than ${max} characters. Nothing was changed. Plan ${plan} goes on waiting for an approval in Slack.`;
}

export function fixNotSigned(plan: PlanId, why: string): string {
  return `${why} Nothing was changed. Plan ${plan} goes on waiting for an approval in Slack.`;
}

export function fixKeyRefused(plan: PlanId, why: string): string {
  return `${why} That is on record. Nothing was changed. Plan ${plan} goes on waiting for an approval in Slack.`;
}

export function fixWaits(plan: PlanId): string {
  return `Plan ${plan} is approved and waits for another plan of this host. The bot runs it when that one is done.`;
}

export function fixBy(principal: string, fingerprint: string): string {
  return `Break glass by ${principal} (${fingerprint}). Running.`;
}

export function fixWell(host: HostName): string {
  return `${host} is well again, in its registry's own words.`;
}

export function fixNotWell(host: HostName): string {
  return `${host} is not well yet, in its registry's own words.`;
}

export function fixOnRecord(incident: IncidentId): string {
  return `All of it is on record as incident ${incident}, and the bot tells the incident channel as soon as Slack lets it: registry-doctor audit export ${incident} --config …`;
}
