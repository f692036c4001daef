import type { PlanState } from '../../model/plan/plan.ts';
import type { HostName, IncidentId, PlanId } from '../../model/record/ids.ts';
import { planStateWords } from './answers.ts';

/** What `registry-doctor fix` says: what prevents it, what was not done, what to do next. */

export const FIX_QUESTION =
  'Type a reason to run this plan now without Slack approval. It is recorded. Enter runs the plan, Ctrl-C cancels.\nReason: ';

export function fixNotConfigured(): string {
  return 'The config names no break-glass keys (breakGlass.allowedSigners). Nothing was checked or changed. Name the file of keys there (docs/break-glass.md says how), or have the plan approved in Slack.';
}

export function fixUnreadable(file: string): string {
  return `Can’t read ${file}. Nothing was checked or changed. Put the file there, readable for you, and try again: fix needs the list of break-glass keys and your own key.`;
}

export function fixNeedsTerminal(): string {
  return 'There is no terminal to type the reason on. Nothing was checked or changed. Run this where you can read the plan and answer.';
}

export function fixNoPlan(host: HostName): string {
  return `There is no plan for ${host} that could be run. Nothing was changed.`;
}

/** The plan was not run by this; `state` is its state now. */
export function fixRefused(why: string, plan: PlanId, state: PlanState): string {
  const rest = state === 'proposed' ? 'still waits for an approval in Slack' : planStateWords(state);
  return `${why} Nothing was run. Plan ${plan} ${rest}.`;
}

export const FIX_NO_REASON = 'No reason was given.';

export function fixReasonTooLong(max: number): string {
  return `The reason has more than ${max} characters.`;
}

export function fixKeyRefused(why: string): string {
  return `${why} The attempt is on record.`;
}

export function fixRunning(plan: PlanId, host: HostName): string {
  return `running plan ${plan} on ${host} …`;
}

export const FIX_KEEPS_ASKING = 'Ctrl-C stops waiting; the plan keeps running on the host.';

export const FIX_ENDING =
  'Ending once the host has answered. Ctrl-C again ends at once; the plan keeps running on the host.';

/** The waiting was ended, and there is no outcome yet. */
export function fixBrokeOff(plan: PlanId, host: HostName): string {
  return `Plan ${plan} was approved, but its outcome is unknown: ${host} might have been changed. Don’t repeat the commands by hand. The bot, or \`registry-doctor fix ${host} --key KEYFILE\`, will ask the host.`;
}

export function fixWaits(plan: PlanId, host: HostName): string {
  return `Plan ${plan} is approved and waits for another plan of ${host}. It has not changed anything yet. The bot runs it when that one is done; if the bot is not running, \`registry-doctor fix ${host} --key KEYFILE\` makes a new one.`;
}

export function fixBy(principal: string, fingerprint: string): string {
  return `Break glass by ${principal} (${fingerprint}). Running.`;
}

/** The registry's own answer after the change; `isWell` is null if it was not asked. */
export function fixRegistry(host: HostName, isWell: boolean | null): string {
  if (isWell === null)
    return `The registry on ${host} was not asked again. Check it: \`registry-doctor diagnose ${host}\``;
  return isWell
    ? `${host} is healthy again, according to its registry.`
    : `${host} is not healthy yet, according to its registry.`;
}

export function fixOnRecord(incident: IncidentId): string {
  return `Recorded as incident ${incident} (\`registry-doctor audit export ${incident}\`). The bot posts it to the incident channel when Slack is reachable.`;
}
