import type { ModeReset } from '../../../model/host/disk.ts';
import { Mode } from '../../../model/host/facts.ts';
import { withoutTrailingSlashes } from '../../../model/settings/trailing-slashes.ts';

/** What a line of tmpfiles.d(5) does to existing directories. */
export type TmpfilesLine = Pick<ModeReset, 'sets' | 'recursive' | 'removes'> & {
  /** The path, with the wildcards of glob(7) if the type allows them. */
  readonly pattern: string;
  readonly isGlob: boolean;
};

const WORD = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+)/g;
/** Types that allow wildcards. The others name one path. */
const GLOBBING = 'ezZrRaA';

/**
 * Parses `TYPE PATH MODE USER GROUP AGE`. Null for a line that does nothing to an existing directory, or whose path
 * depends on names of the host (`%m`).
 */
export function parseTmpfilesLine(line: string): TmpfilesLine | null {
  const [type = '', pattern = '', mode = '-', user = '-', group = '-', age = '-'] = wordsOf(line);
  const letter = type.charAt(0);
  if (!pattern.startsWith('/') || /%[^%]/.test(pattern)) return null;
  const path = withoutTrailingSlashes(pattern.replaceAll('%%', '%'));
  const removes = 'DrR'.includes(letter) ? 'everything' : age === '-' ? null : 'old-files';
  const sets = 'rR'.includes(letter) ? NOTHING : setsOf(letter, mode, user, group);
  if (removes === null && sets !== null && [sets.mode, sets.owner, sets.group].every((value) => value === null))
    return null;
  return { pattern: path, isGlob: GLOBBING.includes(letter), sets, recursive: 'ZAR'.includes(letter), removes };
}

const NOTHING = { mode: null, owner: null, group: null } as const;

/** What the line sets. Types that set an ACL are not included, because an ACL is not a mode. */
function setsOf(letter: string, mode: string, user: string, group: string): ModeReset['sets'] {
  if ('aA'.includes(letter)) return null;
  if (mode.startsWith('~')) return null;
  return { mode: modeFrom(mode), owner: given(user), group: given(group) };
}

/**
 * The value of a column. Null if the line leaves it unchanged: for `-`, and for a value after a colon, which applies
 * only to directories that the line creates.
 */
function given(value: string): string | null {
  return value === '-' || value.startsWith(':') ? null : value;
}

function modeFrom(value: string): Mode | null {
  const mode = given(value);
  return mode === null ? null : (Mode.safeParse(mode.padStart(4, '0')).data ?? null);
}

/** The words of a line as systemd splits them: with quotes, and C escapes inside. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(WORD)].map(([, double, single, bare]) => {
    const quoted = double ?? single;
    return quoted === undefined ? (bare ?? '') : quoted.replace(/\\(["'\\ ])/g, '$1');
  });
}
