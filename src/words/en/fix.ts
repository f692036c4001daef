import type { HostName, IncidentId, PlanId } from '../../model/ids.ts';
import type { PlanState } from '../../model/plan.ts';
import { planStateWords } from './answers.ts';

/** What `registry-doctor fix` says: what stands in its way, what was not done, what to do next. */

export const FIX_QUESTION =
  'Type a reason to run this plan now without Slack approval. It is recorded. Enter runs the plan, Ctrl-C cancels.\nReason: ';

export function fixNotConfigured(): string {
  return 'The config file names no break-glass keys (breakGlass.allowedSigners). Nothing was looked at or changed. Name the file of keys there, or have the plan approved in Slack.';
}

export function fixUnreadable(file: string): string {
  return `${file} cannot be read: without the keys that count and the key that signs nothing could run. Nothing was looked at or changed. Put the file there, readable for you, and try again.`;
}

export function fixNeedsTerminal(): string {
  return 'There is no terminal to type the reason on. Nothing was looked at or changed. Run this where somebody can read the plan and answer.';
}

export function fixNoPlan(host: HostName): string {
  return `There is no plan for ${host} that could be run. Nothing was changed.`;
}

/** The plan was not run by this; `state` is where it stands by now. */
export function fixRefused(why: string, plan: PlanId, state: PlanState): string {
  const rest = state === 'proposed' ? 'goes on waiting for an approval in Slack' : planStateWords(state);
  return `${why} Nothing was changed by this. Plan ${plan} ${rest}.`;
}

export const FIX_NO_REASON = 'No reason was given.';

export function fixReasonTooLong(max: number): string {
  return `The reason has more than ${max} characters.`;
}

export function fixKeyRefused(why: string): string {
  return `${why} That is on record.`;
}

export function fixRunning(plan: PlanId, host: HostName): string {
  return `running plan ${plan} on ${host} …`;
}

export const FIX_KEEPS_ASKING = 'Ctrl-C ends the waiting, not what runs there.';

export const FIX_ENDING =
  'Ending once the host has answered what was sent. Ctrl-C again ends at once; what runs there goes on all the same.';

/** Nobody waits any more, and there is no outcome. */
export function fixBrokeOff(plan: PlanId, host: HostName): string {
  return `Plan ${plan} is approved, and it is not known here what became of it: ${host} may have been changed. The bot asks the host and puts the outcome on record, or registry-doctor fix ${host} does; do not repeat the commands by hand before that.`;
}

export function fixWaits(plan: PlanId, host: HostName): string {
  return `Plan ${plan} is approved and waits for another plan of ${host}. Nothing was changed by it yet. The bot runs it when that one is done; where the bot is away, registry-doctor fix ${host} makes a new one.`;
}

export function fixBy(principal: string, fingerprint: string): string {
  return `Break glass by ${principal} (${fingerprint}). Running.`;
}

/** The registry's own word after the change; `isWell` is null where it was not asked. */
export function fixRegistry(host: HostName, isWell: boolean | null): string {
  if (isWell === null) return `Whether ${host} is well was not waited for: registry-doctor diagnose ${host} tells.`;
  return isWell
    ? `${host} is well again, in its registry's own words.`
    : `${host} is not well yet, in its registry's own words.`;
}

export function fixOnRecord(incident: IncidentId): string {
  return `All of it is on record as incident ${incident}, and the bot tells the incident channel as soon as Slack lets it: registry-doctor audit export ${incident} --config …`;
}
