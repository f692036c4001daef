import { quoted } from '../from-host.ts';
import { dateAndTime } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import type { Said } from '../said.ts';
import { leading } from './spacing.ts';

/** `它的原话（04:03）：…。`, or nothing. */
export function itSaid(said: Said | null, who = '它'): Phrase {
  return said === null ? [] : say`${leading(say`${who}`)}的原话${whenOf(said)}：${quoted(said.words)}。`;
}

export function lastWordsOf(said: Said | null): Phrase {
  return said === null ? [] : say`其最后一行日志${whenOf(said)}：${quoted(said.words)}。`;
}

function whenOf({ at }: Said): Phrase {
  return at === null ? [] : say`（${dateAndTime(new Date(at * 1000).toISOString())}）`;
}

/** Where the log is. */
export const LOGS = say`其日志的末尾（${code('gitlab-ctl tail registry')} 或 ${code('journalctl -u docker-registry')}）`;
