import type { HostRow } from '../row.ts';

/** SSH servers, and OpenSSH as administrators set it up. */

const SSHD = 'ssh -V 2>&1';

function openssh(id: string, what: string, sshd: readonly string[], prepare = ''): HostRow {
  return { id, group: 'sshd', what: `OpenSSH: ${what}`, sshd, prepare: `${prepare}\n${SSHD}` };
}

function banner(bytes: number): string {
  return `head -c ${bytes} /dev/zero | tr '\\0' b | fold -w 76 >/etc/rd/banner`;
}

export const SERVER_ROWS: readonly HostRow[] = [
  {
    id: 'dropbear',
    group: 'sshd',
    what: 'dropbear',
    packages: ['dropbear-bin', 'libtomcrypt1', 'libtommath1'],
    server: 'dropbear',
    prepare: 'dropbear -V 2>&1',
  },
  {
    id: 'tinyssh',
    group: 'sshd',
    what: 'tinyssh',
    packages: ['tinysshd', 'socat'],
    server: 'tinyssh',
    prepare: 'echo tinysshd',
  },
  openssh('max-sessions-1', 'MaxSessions 1', ['MaxSessions 1']),
  openssh('banner', 'a banner of 8 KiB', ['Banner /etc/rd/banner'], banner(8192)),
  openssh('banner-large', 'a banner of 48 KiB', ['Banner /etc/rd/banner'], banner(49_152)),
  openssh('motd', 'PrintMotd and PrintLastLog', ['PrintMotd yes', 'PrintLastLog yes'], 'seq 1000 >/etc/motd'),
  {
    ...openssh('penalties', 'PerSourcePenalties', ['PerSourcePenalties yes', 'PerSourcePenaltyExemptList none']),
    root: 'trixie',
  },
  openssh('hybrid-only', 'only hybrid key exchange', ['KexAlgorithms sntrup761x25519-sha512@openssh.com']),
  openssh('force-command', 'ForceCommand for everyone', ['ForceCommand /bin/echo no commands here']),
  openssh('no-forwarding', 'DisableForwarding', ['DisableForwarding yes', 'AllowTcpForwarding no']),
  openssh('rekey', 'a new key after each 64 KiB', ['RekeyLimit 64K']),
  openssh('permit-tty', 'PermitTTY no, PermitUserRC yes', ['PermitTTY no', 'PermitUserRC yes'], ''),
  { id: 'late', group: 'sshd', what: 'a network with a round trip of 300 ms', lateMs: 150 },
];
