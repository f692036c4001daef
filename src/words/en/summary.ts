import type { SummaryMessage } from '../../model/record/thread-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { allOf } from './lists.ts';

/** Many incidents at once: how many, as a number of hosts, and since when. */
export function summaryTitle(summary: SummaryMessage): Phrase {
  return say`${bold(`${hostsOf(summary).length} hosts have new incidents`)} · since ${timeOfDay(summary.openedAt)}`;
}

export function summaryHosts(summary: SummaryMessage): Phrase {
  return allOf(hostsOf(summary).map((host) => [code(host)]));
}

/** Where to look, and where to click. */
export function summaryAdvice(): Phrase {
  return say`Look for one cause first: shared storage, the network or power. Plans are in this thread; the first hosts have threads of their own.`;
}

/** The notification. */
export function summarySentence(summary: SummaryMessage): Phrase {
  return say`${String(hostsOf(summary).length)} hosts have new incidents: ${summaryHosts(summary)}.`;
}

function hostsOf({ incidents }: SummaryMessage): readonly string[] {
  return [...new Set(incidents.map(({ host }) => host))];
}
