import { quoted } from '../from-host.ts';
import { dateAndTime } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import type { Said } from '../said.ts';

/** ` It said at 04:03: “…”.`, or nothing. */
export function itSaid(said: Said | null, who = 'It'): Phrase {
  return said === null ? [] : say` ${who} said${whenOf(said)}: ${quoted(said.words)}.`;
}

export function lastWordsOf(said: Said | null): Phrase {
  return said === null ? [] : say` Its last log line${whenOf(said)}: ${quoted(said.words)}.`;
}

function whenOf({ at }: Said): Phrase {
  return at === null ? [] : say` at ${dateAndTime(new Date(at * 1000).toISOString())}`;
}

/** Where the log is. */
export const LOGS = say`the end of its log (${code('gitlab-ctl tail registry')}, or ${code('journalctl -u docker-registry')})`;
