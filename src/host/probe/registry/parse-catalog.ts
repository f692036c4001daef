import { type Fact, known, unknown } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import { parseHttpAnswer } from './parse-http-answer.ts';

/** The line that the HTTP tool adds after the answer. */
const ENDING = /\n[a-z]+ \d{1,3}$/;
/** One name in the list, in JSON. */
const NAME = /"(?:[^"\\]|\\.)*"/g;

/**
 * How many repositories `/v2/_catalog` lists. If the answer was cut off or has a next page (RFC 5988, as in
 * distribution's API specification), it is "at least" this many.
 */
export function parseCatalog(raw: Uint8Array): Facts['listed'] {
  const answer = parseHttpAnswer('/v2/_catalog', raw);
  if (answer.state !== 'known') return answer;
  if (answer.value.status === 401) return unknown('token-wanted');
  if (answer.value.status !== 200) return unknown({ code: 'status-for-list', detail: String(answer.value.status) });
  const text = new TextDecoder().decode(raw).replace(ENDING, '');
  const headEnd = /\r?\n\r?\n/.exec(text);
  if (headEnd === null) return unknown('list-unreadable');
  return listedIn(text.slice(0, headEnd.index), text.slice(headEnd.index + headEnd[0].length));
}

function listedIn(head: string, body: string): Fact<{ repositories: number; more: boolean }> {
  const [, list] = /^\s*\{\s*"repositories"\s*:\s*(.*)$/s.exec(body) ?? [];
  if (list === undefined) return unknown('list-unreadable');
  if (/^null\s*\}/.test(list)) return known({ repositories: 0, more: false });
  if (!list.startsWith('[')) return unknown('list-unreadable');
  const isWhole = /\]\s*\}\s*$/.test(list);
  const hasNext = /^link:/im.test(head);
  return known({ repositories: list.match(NAME)?.length ?? 0, more: hasNext || !isWhole });
}
