import type { ModeReset } from '../../../model/host/disk.ts';
import { Mode } from '../../../model/host/facts.ts';
import { withoutTrailingSlashes } from '../../../model/settings/trailing-slashes.ts';

/** A command in a cron job, a boot script or a unit that changes directories which it names itself. */
export type CommandReset = Pick<ModeReset, 'sets' | 'recursive' | 'removes'> & { readonly paths: readonly string[] };

const VERBS: ReadonlySet<string> = new Set(['chmod', 'chown', 'chgrp', 'setfacl', 'install', 'rm']);
/** A word of a shell command: quoted and bare parts without a blank between them. */
const WORD = /(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g;
const NOTHING = { mode: null, owner: null, group: null } as const;

/**
 * The commands in one line, separated by `;`, `&` or `|`, that change directories. What a variable or another script
 * names can't be seen.
 */
export function commandResets(line: string): CommandReset[] {
  return commandsOf(line).flatMap((command) => {
    const words = (command.match(WORD) ?? []).map(unquoted);
    const at = words.findIndex((word) => VERBS.has(programOf(word)));
    const verb = words[at];
    return verb === undefined ? [] : resetBy(programOf(verb), words.slice(at + 1), words.slice(0, at));
  });
}

/**
 * The name of the program: `/bin/chmod`, or in a unit `ExecStartPre=-/bin/chmod` or `ExecStart=+chmod`
 * (systemd.service(5)).
 */
function programOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1).replace(/^[^=]*=[-@:+!]*/, '');
}

/** @param before words before the command, in which find(1) names the paths for `{}` */
function resetBy(verb: string, args: readonly string[], before: readonly string[]): CommandReset[] {
  const isByFind = args.includes('{}');
  const recursive = isByFind || args.some((word) => /^-[a-zA-Z]*[Rr]|^--recursive$/.test(word));
  const operands = args.filter((word) => !word.startsWith('-'));
  const paths = (isByFind ? before : operands).filter((word) => word.startsWith('/')).map(withoutTrailingSlashes);
  const removes = verb === 'rm' && recursive ? 'everything' : null;
  if (paths.length === 0 || (verb === 'rm' && removes === null)) return [];
  return [{ paths, recursive, removes, sets: setsOf(verb, operands[0] ?? '') }];
}

/** The commands in a line. A command in quotes (`sh -c "..."`) counts as if it were on its own. */
function commandsOf(line: string): string[] {
  return line.replace(/\s-c\s+(["'])(.*)\1/g, ';$2').split(/[;&|()]+/);
}

/**
 * What a command sets. Null: it can't be interpreted, for example a symbolic mode, which depends on the mode before.
 */
function setsOf(verb: string, operand: string): ModeReset['sets'] {
  if (verb === 'rm') return NOTHING;
  if (verb === 'chmod') {
    const mode = Mode.safeParse(operand.padStart(4, '0'));
    return mode.success ? { ...NOTHING, mode: mode.data } : null;
  }
  if (verb === 'chgrp') return { ...NOTHING, group: operand };
  const [, owner = '', group = ''] = /^([\w-]*)(?:[:.]([\w-]*))?$/.exec(operand) ?? [];
  if (verb !== 'chown' || (owner === '' && group === '')) return null;
  return { ...NOTHING, owner: owner || null, group: group || null };
}

function unquoted(word: string): string {
  return word.replace(/"([^"]*)"|'([^']*)'|\\(.)/g, (_, double, single, escaped) => double ?? single ?? escaped);
}
