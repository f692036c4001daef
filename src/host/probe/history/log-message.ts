import type { HostEventKind } from '../../../model/host/history.ts';

/**
 * One event in a log message. `path` is as the message has it, and need not exist.
 *
 * The patterns here can be loose: host-history.awk has already dropped all other messages of these programs.
 */
export type LogEvent = { readonly kind: HostEventKind; readonly text: string; readonly path: string | null };

const SYSLOG_MESSAGE = /^\S{1,255} ([\w./-]{1,64})(?:\[\d{1,10}\])?: (.*)$/;

/**
 * The events in a message of syslog or the journal, after its time: `HOST IDENT[PID]: MESSAGE`. An event is only what
 * the log claims: anyone who can run logger(1) can write a line under any program's name into a syslog file.
 */
export function logMessageEvents(messageAfterTime: string): readonly LogEvent[] {
  const [, ident = '', message = ''] = SYSLOG_MESSAGE.exec(messageAfterTime) ?? [];
  const read = READERS.get(ident);
  return read === undefined ? [] : read(message.trim(), ident);
}

type Reader = (message: string, ident: string) => readonly LogEvent[];

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['kernel', kernelEvents],
  ['audit', denialEvents],
  ['systemd', systemdEvents],
  ['systemd-fsck', fsckEvents],
  ['fsck', fsckEvents],
  ['systemd-logind', (message) => singleEvent('shutdown', message)],
  ['udisksd', (message) => singleEvent(message.startsWith('Unmounted') ? 'unmount' : 'mount', message, / at (\/\S+)/)],
  ['sudo', sudoEvents],
  ['chronyd', clockStep],
  ['ntpd', clockStep],
  ['systemd-timesyncd', clockStep],
  ['systemd-journald', clockStep],
  ['useradd', accountChange],
  ['usermod', accountChange],
  ['userdel', accountChange],
  ['groupadd', accountChange],
  ['groupmod', accountChange],
  ['groupdel', accountChange],
  ['gpasswd', accountChange],
]);

/**
 * The events in a denial by a security module, as auditd or the kernel writes it, if it denied the registry something.
 */
export function denialEvents(message: string): readonly LogEvent[] {
  const isDenial = /\bavc: +denied\b|\bapparmor="DENIED"/.test(message);
  const isRegistry = /\bcomm="(docker-)?registry"/.test(message);
  return isDenial && isRegistry ? singleEvent('security-denial', message, /\b(?:path|name)="(\/[^"]*)"/) : [];
}

/**
 * The events in a message of the kernel's log, such as those of its filesystems (fs/ext4/super.c, fs/xfs/xfs_log.c).
 */
function kernelEvents(raw: string): readonly LogEvent[] {
  const message = raw.replace(/^\[ *\d+\.\d+\] /, '');
  if (message.startsWith('Linux version ')) return singleEvent('boot', message);
  const denials = denialEvents(message);
  if (denials.length > 0) return denials;
  if (/\b[Oo]ut of memory: Killed process \d+ \((docker-)?registry/.test(message))
    return singleEvent('memory-kill', `kernel: ${message}`);
  if (/I\/O error/.test(message)) return singleEvent('filesystem-error', `kernel: ${message}`);
  if (!/^(EXT[234]-fs|XFS|BTRFS|F2FS-fs|JBD2)\b/.test(message)) return [];
  const kind = FILESYSTEM_MESSAGES.find(([, pattern]) => pattern.test(message))?.[0];
  return kind === undefined ? [] : singleEvent(kind, `kernel: ${message}`);
}

/**
 * The kinds of filesystem messages. The first pattern that matches decides: a successful mount can name the option
 * "errors=remount-ro".
 */
const FILESYSTEM_MESSAGES: readonly (readonly [HostEventKind, RegExp])[] = [
  ['unmount', /[Uu]nmounting/],
  ['remounted-read-only', /[Rr]emounting filesystem read-only/],
  ['fsck', /recovery|recovering|orphan|[Rr]eplay/],
  ['mount', /mounted filesystem|re-mounted|Mounting|clean mount/],
  ['filesystem-error', /[Ee]rror|orrupt|[Ss]hutdown/],
];

function systemdEvents(message: string): readonly LogEvent[] {
  const path = /(?:^|\s)(\/\S*?)\.?$/;
  if (message.startsWith('Mounted ')) return singleEvent('mount', message, path);
  if (message.startsWith('Unmounted ')) return singleEvent('unmount', message, path);
  if (message.startsWith('Failed to mount ')) return singleEvent('mount-failed', message, path);
  if (message.startsWith('Dependency failed for ')) {
    return path.test(message) ? singleEvent('mount-failed', message, path) : [];
  }
  const [, unit] = /^(\S+)\.mount: (?:Mount process exited|Failed with result)/.exec(message) ?? [];
  if (unit !== undefined) return [{ kind: 'mount-failed', text: `systemd: ${message}`, path: pathOfUnit(unit) }];
  if (/ has been killed by the OOM killer/.test(message)) return singleEvent('memory-kill', `systemd: ${message}`);
  if (message.startsWith('Reached target ')) return singleEvent('shutdown', message);
  if (message.startsWith('Started ')) return singleEvent('service-start', message);
  if (/^(Stopped|Failed to start) /.test(message)) return singleEvent('service-stop', message);
  return /^(System (time|clock)|Clock change|Time has been changed)/.test(message)
    ? singleEvent('clock-step', `systemd: ${message}`)
    : [];
}

/** The path that a mount unit's name encodes (systemd.unit(5), "String escaping for inclusion in unit names"). */
function pathOfUnit(unit: string): string {
  const unescaped = unit
    .replaceAll('-', '/')
    .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return `/${unescaped}`;
}

function fsckEvents(message: string): readonly LogEvent[] {
  if (/\bclean\b/.test(message)) return singleEvent('fsck-clean', `fsck: ${message}`);
  const repaired = /recovering journal|MODIFIED|[Ff]ix|[Cc]lear|repaired|orphan/.test(message);
  return repaired ? singleEvent('fsck', `fsck: ${message}`) : [];
}

function clockStep(message: string, ident: string): readonly LogEvent[] {
  return singleEvent('clock-step', `${ident}: ${message}`);
}

function accountChange(message: string, ident: string): readonly LogEvent[] {
  return singleEvent('account-change', `${ident}: ${message}`);
}

const SUDO = /^(\S+) : PWD=(.*) ; COMMAND=(\S+)(?: (.*))?$/;
const MAX_PATHS = 4;

/** The events in a command that sudo(8) ran. host-history.awk has reduced it to program, flags, modes and paths. */
function sudoEvents(message: string): readonly LogEvent[] {
  const [, user, directory = '', program, rest = ''] = SUDO.exec(message) ?? [];
  if (user === undefined || program === undefined) return [];
  const name = program.slice(program.lastIndexOf('/') + 1);
  const words = rest === '' ? [] : rest.split(' ');
  const text = [`sudo, by ${user}: ${program}`, ...words].join(' ');
  const paths = operandsOf(name, words)
    .map((operand) => absolute(operand, directory))
    .filter((path) => path !== null);
  const kind = EVENT_KIND_BY_COMMAND.get(name) ?? 'privileged-command';
  const named: readonly (string | null)[] = paths.length === 0 ? [null] : paths.slice(0, MAX_PATHS);
  return named.map((path) => ({ kind, text, path }));
}

const EVENT_KIND_BY_COMMAND: ReadonlyMap<string, HostEventKind> = new Map<string, HostEventKind>([
  ['chmod', 'mode-command'],
  ['chown', 'mode-command'],
  ['chgrp', 'mode-command'],
  ['setfacl', 'mode-command'],
  ['chattr', 'mode-command'],
  ['mount', 'mount-command'],
  ['umount', 'mount-command'],
  ['usermod', 'account-change'],
  ['useradd', 'account-change'],
  ['userdel', 'account-change'],
  ['groupmod', 'account-change'],
  ['groupadd', 'account-change'],
  ['gpasswd', 'account-change'],
]);

/** Returns the paths that a command changes. */
function operandsOf(program: string, words: readonly string[]): readonly string[] {
  const operands = words.filter((word) => !word.startsWith('-') && word !== '[cut]');
  const paths = operands.filter((word) => word.startsWith('/'));
  // mount(8) and umount(8): the mount point is the last operand.
  if (/^u?mount$/.test(program)) return paths.slice(-1);
  if (!/^(chmod|chown|chgrp)$/.test(program)) return paths;
  // The paths follow the mode or the owner. A mode such as "-x" was dropped with the flags.
  return operands[0]?.startsWith('/') ? operands : operands.slice(1);
}

function absolute(operand: string, directory: string): string | null {
  const path = operand.startsWith('/') ? operand : directory.startsWith('/') ? `${directory}/${operand}` : null;
  if (path === null) return null;
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

function singleEvent(kind: HostEventKind, text: string, path?: RegExp): readonly LogEvent[] {
  return [{ kind, text, path: path?.exec(text)?.[1] ?? null }];
}
