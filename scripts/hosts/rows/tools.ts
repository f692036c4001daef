import type { HostRow } from '../row.ts';

/** Each tool that the guard runs is missing in turn. */

const TOOLS: readonly string[] = [
  'awk',
  'bash',
  'busybox',
  'cat',
  'chmod',
  'chown',
  'curl',
  'cut',
  'date',
  'dd',
  'env',
  'find',
  'flock',
  'getent',
  'getfacl',
  'setfacl',
  'grep',
  'gzip',
  'head',
  'id',
  'ls',
  'lsattr',
  'mkdir',
  'mv',
  'nsenter',
  'od',
  'openssl',
  'readlink',
  'rm',
  'sed',
  'setpriv',
  'sha256sum',
  'sleep',
  'sort',
  'ssh-keygen',
  'stat',
  'sync',
  'tail',
  'timeout',
  'tr',
  'wc',
  'xargs',
  'journalctl',
  'systemctl',
  'last',
];

function removed(names: readonly string[]): string {
  return names.map((name) => `rm -f /usr/sbin/${name} /usr/bin/${name} /sbin/${name} /bin/${name}`).join('\n');
}

function without(names: readonly string[]): HostRow {
  return { id: `no-${names.join('-')}`, group: 'tool', what: `no ${names.join(', ')}`, afterSetup: removed(names) };
}

export const TOOL_ROWS: readonly HostRow[] = [
  ...TOOLS.map((name) => without([name])),
  without(['getfacl', 'setfacl']),
  without(['bash', 'curl', 'wget']),
];
