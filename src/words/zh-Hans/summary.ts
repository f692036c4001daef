import type { SummaryMessage } from '../../model/record/thread-message.ts';
import { grouped, timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { listOf } from './list.ts';
import { dotted } from './spacing.ts';

/** Many incidents at once: how many, as a number of hosts, and since when. */
export function summaryTitle(summary: SummaryMessage): Phrase {
  const title = `${grouped(hostsOf(summary).length)} 台主机出现新故障`;
  return dotted([[bold(title)], say`始于 ${timeOfDay(summary.openedAt)}`]);
}

export function summaryHosts(summary: SummaryMessage): Phrase {
  return listOf(hostsOf(summary).map((host) => [code(host)]));
}

/** Where to look, and where to click. */
export function summaryAdvice(): Phrase {
  return say`请先查找共同的原因：共享存储、网络或电源。方案在本消息列中；最先出现故障的主机有各自的消息列。`;
}

/** The notification. */
export function summarySentence(summary: SummaryMessage): Phrase {
  return say`${grouped(hostsOf(summary).length)} 台主机出现新故障：${summaryHosts(summary)}。`;
}

function hostsOf({ incidents }: SummaryMessage): readonly string[] {
  return [...new Set(incidents.map(({ host }) => host))];
}
