import type { HostPath } from '../model/host/host-path.ts';
import { code, type Run } from './phrase.ts';
import { visiblePath, visibleText } from './visible-text.ts';

/** Text from a host, as runs that show it and can hide nothing. */

export function path(of: HostPath): Run {
  return code(visiblePath(of));
}

/** A name or a reason from a host. */
export function quoted(text: string): Run {
  return code(visibleText(text));
}

export function plain(text: string): string {
  return visibleText(text);
}

/** A host's own words inside a sentence of ours, which ends with its own full stop. */
export function withoutStop(text: string): string {
  return text.replace(/[\s.。]+$/u, '');
}

const MAX_WORDS = 200;

/** A host's own words, with nothing hidden in them, shortened. */
export function shownWords(text: string): Run {
  const visible = visibleText(text);
  return code(visible.length > MAX_WORDS ? `${visible.slice(0, MAX_WORDS)}…` : visible);
}
