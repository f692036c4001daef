import type { HostRow } from './row.ts';
import { NOT_TRIED } from './rows/not-tried.ts';
import type { Seen, SeenWay } from './seen.ts';

const GROUPS: Readonly<Record<HostRow['group'], string>> = {
  userland: 'Userlands',
  tool: 'A program is missing',
  shell: 'Login shells and their start-up files',
  sudo: 'sudo',
  sshd: 'SSH servers and the network',
  limits: 'Hosts at a limit',
  attack: 'Hostile hosts',
};

const INTRODUCTION = `# Hosts as they are

What the product said on each kind of host, written by \`npm run hosts -- --write\` from what it saw. Each row is a host of its own: a root
file system, mounts, processes and accounts in namespaces, a real registry with the incident's fault (two directories above its storage are
closed to it), and a real SSH server on loopback. The bot comes in both ways: it sends the guard with each request (trial), and to an
installed guard that \`host setup\` has set up by its own printed commands.

**whole**: \`check\` passed; the diagnosis was \`faulty\`, found both directories and tested them; the plan was applied; its outcome was told
again; the registry was healthy; the undo put everything back; and the diagnosis was \`faulty\` again. Otherwise the cell has each stage
that was reached. The time is that of the first diagnosis. A network is late by a relay, and loses packets by nftables in a network namespace that
SSH's bytes go through. CI runs a few rows, each time others.
`;

/** The whole of docs/hosts.md. */
export function tableOf(seen: readonly Seen[]): string {
  const sections = Object.entries(GROUPS).flatMap(([group, title]) => {
    const rows = seen.filter((one) => one.group === group);
    const left = NOT_TRIED.filter((one) => one.group === group);
    if (rows.length + left.length === 0) return [];
    return [
      [
        `## ${title}`,
        '',
        '| host | trial | installed guard | what people read |',
        '| --- | --- | --- | --- |',
        ...rows.map(lineOf),
        ...left.map(({ what, why }) => `| ${what} | not tried | not tried | ${why} |`),
        '',
      ].join('\n'),
    ];
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function lineOf({ what, versions, ways, problems }: Seen): string {
  const way = (name: SeenWay['way']) => ways.find((one) => one.way === name);
  const version = versions === '' ? '' : ` (${versions.split('\n').join(' ').slice(0, 120)})`;
  const said = ways.filter(({ summary }) => summary !== 'whole').flatMap((one) => [one.said, ...one.check]);
  const read = problems.length > 0 ? problems : [...new Set(said)];
  return `| ${[`${what}${version}`, wayCell(way('trial')), wayCell(way('installed')), read.join('<br>')].map(escaped).join(' | ')} |`;
}

/** The id of a finding behind a verdict. */
const FINDING = /(?<=faulty|inconclusive): ([a-z-]+)/g;

function wayCell(way: SeenWay | undefined): string {
  return way === undefined ? '–' : `${way.summary.replace(FINDING, ': `$1`')}, ${(way.ms / 1000).toFixed(1)} s`;
}

/** A cell of a table: no bar, no line break, and no address that each run has anew. */
function escaped(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/127\.0\.0\.1 port \d+/g, '127.0.0.1 port 22')
    .replaceAll(/\/var\/tmp\/rd-hosts-keys-\w+\//g, '/etc/registry-doctor/');
}
