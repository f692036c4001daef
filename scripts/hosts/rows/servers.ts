import type { HostRow } from '../row.ts';

/** SSH servers, and OpenSSH as administrators set it up. */

const SSHD = 'ssh -V 2>&1';

function openssh(id: string, what: string, sshd: readonly string[], prepare = ''): HostRow {
  return { id, group: 'sshd', what: `OpenSSH: ${what}`, sshd, prepare: `${prepare}\n${SSHD}` };
}

function banner(bytes: number): string {
  return `head -c ${bytes} /dev/zero | tr '\\0' b | fold -w 76 >/etc/rd/banner`;
}

const TINYSSH = {
  group: 'sshd',
  packages: ['tinysshd', 'socat'],
  server: 'tinyssh',
  prepare: 'echo tinysshd',
} as const;

const LOSSY = {
  group: 'sshd',
  packages: ['nftables', 'libnftables1', 'libnftnl11', 'socat'],
  prepare: 'nft --version',
  lossPercent: 5,
} as const;

/** tinyssh takes no line of authorized_keys with options, so this leaves nothing but the keys. */
const WITHOUT_OPTIONS = `sed -i -E 's/^.*(ssh-ed25519 )/\\1/' /home/registry-doctor*/.ssh/authorized_keys`;

export const SERVER_ROWS: readonly HostRow[] = [
  {
    id: 'dropbear',
    group: 'sshd',
    what: 'dropbear',
    packages: ['dropbear-bin', 'libtomcrypt1', 'libtommath1'],
    server: 'dropbear',
    prepare: 'dropbear -V 2>&1',
  },
  { ...TINYSSH, id: 'tinyssh', what: 'tinyssh' },
  { ...TINYSSH, id: 'tinyssh-bare-keys', what: 'tinyssh, with keys that have no options', afterSetup: WITHOUT_OPTIONS },
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
  { ...LOSSY, id: 'lossy', what: 'a network that loses 5 % of the packets' },
  { ...LOSSY, id: 'late-lossy', what: 'a round trip of 300 ms, and 5 % of the packets lost', lateMs: 150 },
];
