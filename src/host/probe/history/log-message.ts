import type { HostEventKind } from '../../../model/host/history.ts';

/** What a log message says happened. `path` is as written there and need not exist. */
export type LogEvent = { readonly kind: HostEventKind; readonly text: string; readonly path: string | null };

const SYSLOG_MESSAGE = /^\S{1,255} ([\w./-]{1,64})(?:\[\d{1,10}\])?: (.*)$/;

/**
 * Reads a message of syslog or the journal after its time: `HOST IDENT[PID]: MESSAGE`. Anyone who can run logger(1) can
 * write such a line under any name into a syslog file. So it is only what the log says.
 */
export function logMessageEvents(rest: string): readonly LogEvent[] {
  const [, ident = '', message = ''] = SYSLOG_MESSAGE.exec(rest) ?? [];
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
  ['systemd-logind', (message) => one('shutdown', message)],
  ['udisksd', (message) => one(message.startsWith('Unmounted') ? 'unmount' : 'mount', message, / at (\/\S+)/)],
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

/** A denial as auditd or the kernel writes it, if the registry was denied. */
export function denialEvents(message: string): readonly LogEvent[] {
  const isDenial = /\bavc: +denied\b|\bapparmor="DENIED"/.test(message);
  const isOurs = /\bcomm="(docker-)?registry"/.test(message);
  return isDenial && isOurs ? one('security-denial', message, /\b(?:path|name)="(\/[^"]*)"/) : [];
}

/** The messages of the kernel's filesystems (fs/ext4/super.c, fs/xfs/xfs_log.c and others), as in its log. */
function kernelEvents(raw: string): readonly LogEvent[] {
  const message = raw.replace(/^\[ *\d+\.\d+\] /, '');
  if (message.startsWith('Linux version ')) return one('boot', message);
  const denials = denialEvents(message);
  if (denials.length > 0) return denials;
  if (/\b[Oo]ut of memory: Killed process \d+ \((docker-)?registry/.test(message))
    return one('memory-kill', `kernel: ${message}`);
  if (/I\/O error/.test(message)) return one('filesystem-error', `kernel: ${message}`);
  if (!/^(EXT[234]-fs|XFS|BTRFS|F2FS-fs|JBD2)\b/.test(message)) return [];
  const kind = FILESYSTEM_MESSAGES.find(([, words]) => words.test(message))?.[0];
  return kind === undefined ? [] : one(kind, `kernel: ${message}`);
}

/** The first that fits. "errors=remount-ro" is an option of a successful mount. */
const FILESYSTEM_MESSAGES: readonly (readonly [HostEventKind, RegExp])[] = [
  ['unmount', /[Uu]nmounting/],
  ['remounted-read-only', /[Rr]emounting filesystem read-only/],
  ['fsck', /recovery|recovering|orphan|[Rr]eplay/],
  ['mount', /mounted filesystem|re-mounted|Mounting|clean mount/],
  ['filesystem-error', /[Ee]rror|orrupt|[Ss]hutdown/],
];

function systemdEvents(message: string): readonly LogEvent[] {
  const path = /(?:^|\s)(\/\S*?)\.?$/;
  if (message.startsWith('Mounted ')) return one('mount', message, path);
  if (message.startsWith('Unmounted ')) return one('unmount', message, path);
  if (message.startsWith('Failed to mount ')) return one('mount-failed', message, path);
  if (message.startsWith('Dependency failed for ')) {
    return path.test(message) ? one('mount-failed', message, path) : [];
  }
  const [, unit] = /^(\S+)\.mount: (?:Mount process exited|Failed with result)/.exec(message) ?? [];
  if (unit !== undefined) return [{ kind: 'mount-failed', text: `systemd: ${message}`, path: pathOfUnit(unit) }];
  if (/ has been killed by the OOM killer/.test(message)) return one('memory-kill', `systemd: ${message}`);
  if (message.startsWith('Reached target ')) return one('shutdown', message);
  if (message.startsWith('Started ')) return one('service-start', message);
  if (/^(Stopped|Failed to start) /.test(message)) return one('service-stop', message);
  return /^(System (time|clock)|Clock change|Time has been changed)/.test(message)
    ? one('clock-step', `systemd: ${message}`)
    : [];
}

/** systemd.unit(5), "String escaping for inclusion in unit names". */
function pathOfUnit(unit: string): string {
  const latin1 = unit
    .replaceAll('-', '/')
    .replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return `/${latin1}`;
}

function fsckEvents(message: string): readonly LogEvent[] {
  if (/\bclean\b/.test(message)) return one('fsck-clean', `fsck: ${message}`);
  const repaired = /recovering journal|MODIFIED|[Ff]ix|[Cc]lear|repaired|orphan/.test(message);
  return repaired ? one('fsck', `fsck: ${message}`) : [];
}

function clockStep(message: string, ident: string): readonly LogEvent[] {
  return one('clock-step', `${ident}: ${message}`);
}

function accountChange(message: string, ident: string): readonly LogEvent[] {
  return one('account-change', `${ident}: ${message}`);
}

const SUDO = /^(\S+) : PWD=(.*) ; COMMAND=(\S+)(?: (.*))?$/;
const MAX_PATHS = 4;

/** The command that sudo(8) ran. host-history.awk has reduced it to program, flags, modes and paths. */
function sudoEvents(message: string): readonly LogEvent[] {
  const [, user, directory = '', program, rest = ''] = SUDO.exec(message) ?? [];
  if (user === undefined || program === undefined) return [];
  const name = program.slice(program.lastIndexOf('/') + 1);
  const words = rest === '' ? [] : rest.split(' ');
  const text = [`sudo, by ${user}: ${program}`, ...words].join(' ');
  const paths = operandsOf(name, words)
    .map((operand) => absolute(operand, directory))
    .filter((path) => path !== null);
  const kind = COMMANDS.get(name) ?? 'privileged-command';
  const named: readonly (string | null)[] = paths.length === 0 ? [null] : paths.slice(0, MAX_PATHS);
  return named.map((path) => ({ kind, text, path }));
}

const COMMANDS: ReadonlyMap<string, HostEventKind> = new Map<string, HostEventKind>([
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

function operandsOf(program: string, words: readonly string[]): readonly string[] {
  const operands = words.filter((word) => !word.startsWith('-') && word !== '[cut]');
  const paths = operands.filter((word) => word.startsWith('/'));
  // The mount point comes last (mount(8)).
  if (/^u?mount$/.test(program)) return paths.slice(-1);
  if (!/^(chmod|chown|chgrp)$/.test(program)) return paths;
  // After the mode or the owner. A mode such as "-x" was dropped with the flags.
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

function one(kind: HostEventKind, text: string, path?: RegExp): readonly LogEvent[] {
  return [{ kind, text, path: path?.exec(text)?.[1] ?? null }];
}
