import type { Line } from 'ssh-config';
import type { SshConfigFiles } from './ssh-config-files.ts';
import { UnusableSshConfig } from './ssh-config-problem.ts';

/** What ssh_config(5) sets for one host, before tokens are expanded. Null: not set. */
export type Options = {
  hostName: string | null;
  port: string | null;
  user: string | null;
  identityFile: string | null;
  proxyJump: string | null;
};

export type Asked = {
  /** As typed after `ssh`. */
  readonly name: string;
  /** The local user's login, which is ssh(1)'s default. */
  readonly localUser: string;
};

type Section = Extract<Line, { config: unknown }>;
type Directive = Extract<Line, { param: string }>;

/** ssh(1) stops at the same depth (READCONF_MAX_DEPTH). */
const MAX_INCLUDE_DEPTH = 16;

/**
 * Goes through the config as ssh_config(5) says: from the top, through every matching section, keeping the first value
 * of each option. Reaching a section that only ssh itself can evaluate (`Match exec`) is an error.
 */
export function obtainOptions(files: SshConfigFiles, asked: Asked): Options {
  const options: Options = { hostName: null, port: null, user: null, identityFile: null, proxyJump: null };
  const collect = (lines: readonly Line[], depth: number): void => {
    for (const line of lines) {
      if (!('param' in line)) continue;
      const keyword = line.param.toLowerCase();
      if (keyword === 'include') {
        if (depth === MAX_INCLUDE_DEPTH) throw new UnusableSshConfig({ what: 'include', max: MAX_INCLUDE_DEPTH });
        for (const included of files.included(valuesOf(line))) collect(included, depth + 1);
      } else if ('config' in line) {
        if (isFor(line, keyword, options, asked)) collect(line.config, depth);
      } else {
        keep(options, keyword, line);
      }
    }
  };
  collect(files.own(), 0);
  return options;
}

function isFor(section: Section, keyword: string, options: Options, asked: Asked): boolean {
  return keyword === 'host' ? matches(valuesOf(section), asked.name) : isMatched(section, options, asked);
}

/**
 * The criteria of `Match`, in order. The first one that does not hold ends it, and those after it are not evaluated.
 */
function isMatched(section: Section, options: Options, { name, localUser }: Asked): boolean {
  const words = valuesOf(section);
  for (let at = 0; at < words.length; at += 2) {
    const criterion = (words[at] ?? '').toLowerCase();
    const patterns = (words[at + 1] ?? '').split(',');
    if (criterion === 'all') return words.length === 1;
    const subject = {
      host: options.hostName ?? name,
      originalhost: name,
      user: options.user ?? localUser,
      localuser: localUser,
    };
    if (!(criterion === 'host' || criterion === 'originalhost' || criterion === 'user' || criterion === 'localuser')) {
      throw new UnusableSshConfig({ what: 'match', text: `Match ${words.join(' ')}` });
    }
    // Host names match case-insensitively here (match_hostname in OpenSSH's match.c), unlike after `Host`.
    const flags = criterion === 'host' || criterion === 'originalhost' ? 'si' : 's';
    if (!matches(patterns, subject[criterion], flags)) return false;
  }
  return true;
}

/** ssh_config(5), PATTERNS: `*`, `?`, and a matching `!pattern` that excludes all others. */
function matches(patterns: readonly string[], text: string, flags: 's' | 'si' = 's'): boolean {
  const isMatch = (pattern: string) => patternExpression(pattern, flags).test(text);
  if (patterns.some((pattern) => pattern.startsWith('!') && isMatch(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && isMatch(pattern));
}

function patternExpression(pattern: string, flags: string): RegExp {
  const wildcards: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };
  const source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, (sign) => wildcards[sign] ?? `\\${sign}`);
  return new RegExp(`^${source}$`, flags);
}

/** ProxyCommand and ProxyJump replace each other: the first one counts. */
function keep(options: Options, keyword: string, line: Directive): void {
  const value = valuesOf(line).join(' ');
  if (keyword === 'hostname') options.hostName ??= value;
  if (keyword === 'port') options.port ??= value;
  if (keyword === 'user') options.user ??= value;
  if (keyword === 'identityfile') options.identityFile ??= value;
  if (keyword === 'proxyjump') options.proxyJump ??= value;
  if (keyword === 'proxycommand' && options.proxyJump === null) {
    if (value.toLowerCase() !== 'none') throw new UnusableSshConfig({ what: 'proxy-command', text: value });
    options.proxyJump = 'none';
  }
}

function valuesOf({ value }: Directive): readonly string[] {
  return typeof value === 'string' ? [value] : value.map(({ val }) => val);
}
