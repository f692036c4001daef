import type { HostName, IncidentId } from '../../model/record/ids.ts';
import type { Removal } from '../../model/record/record.ts';
import { clock, grouped } from '../moment.ts';
import { textList } from './list.ts';

/** `audit erase`, and what `audit verify` says of what was removed. */

export const NOT_ONE_OF_BOTH = '请在 --incident 和 --person 中指定一个。未抹去任何内容。';

type Found = {
  readonly values: number;
  readonly diagnoses: number;
  readonly incidents: number;
  readonly apart: number;
};

/** What would be erased, without --yes. */
export function wouldErase(found: Found): string {
  return `将永久抹去${whatIsRemoved(found)}，以及${keptBeside(found)}。未抹去任何内容。请加上 --yes 再次运行。`;
}

export function erased(found: Found, entry: number): string {
  return `已抹去${whatIsRemoved(found)}，以及${keptBeside(found)}。条目 ${entry} 记录了此事。请另行删除 Slack 中仍显示的内容，以及此前的备份。`;
}

function keptBeside({ incidents, apart }: Found): string {
  const others = apart === 0 ? '' : `和 ${grouped(apart)} 条不属于任何故障的消息`;
  return ` ${grouped(incidents)} 次故障所保存的消息和告警${others}`;
}

export const NOTHING_FOUND = '记录中没有相关内容。未抹去任何内容。';

type Unfinished = {
  readonly unfinished: readonly IncidentId[];
  readonly muted: readonly HostName[];
  readonly waiting: number;
};

export function unfinished({ unfinished: incidents, muted, waiting }: Unfinished): string {
  const open =
    incidents.length === 0 ? [] : [`故障 ${textList(incidents.map(String))} 仍可能变化，或仍有消息等待发送到 Slack`];
  const mutes = muted.length === 0 ? [] : [`${textList(muted)} 仍被此人静默`];
  const posts = waiting === 0 ? [] : [`${grouped(waiting)} 条提到此人的消息仍在等待发送到 Slack`];
  return `未抹去任何内容：${textList([...open, ...mutes, ...posts])}。请在其结束后再次运行。`;
}

/** An entry that says what was removed. */
export function removal({ sequence, at, act, values, diagnoses }: Removal): string {
  const what = whatIsRemoved({ values, diagnoses });
  return act === 'erased'
    ? `已按记录抹去${what}：见条目 ${sequence}（${clock({ kind: 'time', at, precision: 'date-and-time' })}）。`
    : `已按期限清除${what}：见条目 ${sequence}（${clock({ kind: 'time', at, precision: 'date-and-time' })}）。`;
}

export function moreRemovals(more: number): string {
  return `另有 ${grouped(more)} 个更早的同类条目。`;
}

function whatIsRemoved({ values, diagnoses }: Pick<Found, 'values' | 'diagnoses'>): string {
  return ` ${grouped(values)} 个姓名或文字、${grouped(diagnoses)} 份诊断`;
}
