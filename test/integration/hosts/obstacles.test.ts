import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Facts } from '../../../src/model/host/facts.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import { configuredHost, factsOf, probe } from '../../host/probe-run.ts';
import { ScratchTree } from '../../host/scratch-tree.ts';
import { SHELLS, type Shell } from '../../host/shells.ts';
import { allFindings } from '../../support/facts/all-findings.ts';
import { skipUnless } from '../../support/requirements.ts';
import { ALONE_WITH_LINK_PROTECTION } from '../../support/worlds/machine-lock.ts';

/** An account that every Debian has; nothing of it runs here. */
const ACCOUNT = 'daemon';
const skip = skipUnless('linux', 'root', 'acl', 'setpriv', 'busybox', 'bash', 'lsattr', 'mount-namespaces');

/** What stands against the registry beside modes, really made, probed in each shell, tried as its account, and judged. */
describe('a path that something else than modes blocks', { skip }, () => {
  let tree: ScratchTree;
  let place: string;
  before(() => {
    tree = new ScratchTree();
    place = tree.directory(tree.at('place')).toString();
  });
  after(() => tree?.remove());

  /** Mounts of its own with a tmpfs at the place, made ready by these lines before the shell reads the script. */
  const prepared = (shell: Shell, lines: string): Shell => {
    const script = `set -e
      restore=$(cat /proc/sys/fs/protected_symlinks)
      protected=$restore
      mount -t tmpfs -o mode=755 none '${place}'
      cd '${place}'
      install -d -o ${ACCOUNT} -m 0750 root
      ${lines}
      cd /
      if [ "$protected" != "$restore" ]; then
        trap 'echo "$restore" >/proc/sys/fs/protected_symlinks' EXIT
        echo "$protected" >/proc/sys/fs/protected_symlinks
      fi
      "$@"`;
    const unshare = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh'];
    return { ...shell, command: [...ALONE_WITH_LINK_PROTECTION, ...unshare, ...shell.command] };
  };

  const factsAfter = (shell: Shell, lines: string, path: string): Facts => {
    const host: HostSettings = configuredHost(tree, `${place}/${path}`);
    const registry = { ...host.registry, serviceUser: ACCOUNT };
    return factsOf(probe(prepared(shell, lines), { ...host, registry }));
  };

  /** `fault immutable-directory kernel root`: what is found at a place below the test's own. */
  const foundAfter = (shell: Shell, lines: string, path = 'root'): string[] => {
    const findings = allFindings(factsAfter(shell, lines, path));
    return findings.flatMap(({ severity, id, proof, path: at }) =>
      at?.startsWith(`${place}/`) ? [[severity, id, proof, at.slice(place.length + 1)].join(' ')] : [],
    );
  };

  const LINK = 'install -d -m 1777 shared; ln -s ../root shared/link; chown -h 61001 shared/link';
  const rows: { name: string; lines: string; path?: string; found: string[] }[] = [
    { name: 'nothing', lines: '', found: [] },
    {
      name: 'an immutable storage root',
      lines: 'chattr +i root',
      found: ['fault immutable-directory kernel root'],
    },
    { name: 'an append-only storage root takes entries', lines: 'chattr +a root', found: [] },
    {
      name: 'a mount that follows no symlinks',
      lines: 'mkdir m; mount -t tmpfs -o mode=755,nosymfollow none m; ln -s ../root m/link',
      path: 'm/link',
      found: ['fault nosymfollow-mount kernel m/link'],
    },
    {
      name: 'a foreign symlink in a sticky directory',
      lines: `protected=1; ${LINK}`,
      path: 'shared/link',
      found: ['fault protected-symlink kernel shared/link'],
    },
    {
      name: 'a read-only mount over a writable one',
      lines: `mkdir m; mount -t tmpfs none m; mount -t tmpfs -o ro,uid=$(id -u ${ACCOUNT}) none m`,
      path: 'm',
      found: ['fault readonly-mount kernel m'],
    },
    {
      name: 'a writable mount over a read-only one',
      lines: `mkdir m; mount -t tmpfs -o ro none m; mount -t tmpfs -o uid=$(id -u ${ACCOUNT}) none m`,
      path: 'm',
      found: [],
    },
    {
      name: 'a read-only mount that a later one above it covers',
      lines: `mkdir -p m/a; mount -t tmpfs -o ro none m/a; mount -t tmpfs none m; install -d -o ${ACCOUNT} m/a`,
      path: 'm/a',
      found: [],
    },
  ];
  for (const shell of SHELLS) {
    for (const { name, lines, path, found } of rows) {
      test(`the diagnosis script run by ${shell.name} reports what else than modes blocks a path: ${name}`, {
        skip: shell.skip,
      }, () => {
        const told = foundAfter(shell, lines, path);
        assert.deepEqual(told.filter(isAboutTheWay), found);
      });
    }
  }
});

/** A tmpfs does not outlive a boot, and what lies below the root is another matter. */
function isAboutTheWay(line: string): boolean {
  return !/breaks-at|contents-|disk-|storage-empty|images-|mount-missing/.test(line);
}
