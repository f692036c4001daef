import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { skipUnless } from '../../../support/requirements.ts';
import { runParts } from '../../guard-parts.ts';
import { SERVICE } from '../../sample-plan.ts';
import { ScratchTree } from '../../scratch-tree.ts';
import { SHELLS } from '../../shells.ts';

/** What is tried as the service runs as the service, which may do with it what it likes, and may be someone who means harm. */

const PARTS = ['lib/identity.sh', 'lib/user-namespace.sh', 'lib/try-as.sh', 'plan/try-root.sh'];
const { uid, gid, groups } = SERVICE;
const prepared = (
  own: number,
) => `tried_users='' tried_override=0 tried_search=0 tried_uid=${own} tried_gid=${gid} tried_groups='${groups.join(' ')}'
  prepare_tries
  try_seconds=1`;
const PREPARED = prepared(uid);
/** Whose processes are all looked for: no one else's in another test. */
const ALONE = 48_399;
/** Longer than a shell has here. */
const SECONDS = 300;

const HARM: Readonly<Record<string, readonly [program: string, told: string]>> = {
  'stops it': ['echo before; kill -STOP $$; echo after', 'before'],
  'stops what it waits for': [`echo before; sh -c 'kill -STOP $$'; echo after`, 'before'],
  'never lets it end': [`trap '' TERM; echo before; while :; do :; done`, 'before'],
  'keeps open what it writes to': [`echo before; setsid sleep ${SECONDS} & echo after`, ''],
};

describe('an access test as the service’s account', { skip: skipUnless('linux', 'root', 'setpriv') }, () => {
  for (const shell of SHELLS) {
    for (const [what, [program, told]] of Object.entries(HARM)) {
      test(`an access test as a service that ${what} still ends, under ${shell.name}`, { skip: shell.skip }, () => {
        // What a shell says of a program that was killed comes last.
        const quoted = `'${program.replaceAll("'", `'\\''`)}'`;
        const output = runParts(
          shell,
          PARTS,
          `${PREPARED}\n{ tried=$(as_identity sh -c ${quoted} 2>&1 | bounded); } 2>/dev/null\necho "$tried"`,
        );
        assert.ok(output.toString().startsWith(`${told}\n`), output.toString());
      });
    }

    test(`an access test as the service can’t reach the files that root has open for it, under ${shell.name}`, {
      skip: shell.skip,
    }, () => {
      const tree = new ScratchTree();
      // Root opens it for the try, by a way that is closed to the service.
      const closed = tree.directory(tree.at('closed'), 0o700).toString();
      tree.directory(tree.at('closed/open'), 0o755);
      tree.directory(tree.at('closed/open/inner'), 0o755);
      const attacker = `setpriv --reuid ${ALONE} --regid ${gid} --groups ${groups.join(',')}`;
      const output = runParts(
        shell,
        PARTS,
        `${prepared(ALONE)}
        try_seconds=20
        exec 3<'${closed}/open'
        { as_identity sh -c 'echo ready; exec sleep 20' >'${closed}.said'; } 2>/dev/null &
        until [ -s '${closed}.said' ]; do sleep 0.05; done
        exec 3<&-
        set +f
        for process in /proc/[0-9]*; do
          case $(stat -c %u "$process" 2>/dev/null) in
            ${ALONE}) echo seen; ${attacker} ls -d "$process/fd/3/inner" 2>/dev/null; kill -KILL "\${process#/proc/}" ;;
          esac
        done
        wait`,
      );
      tree.remove();
      assert.match(output.toString(), /^(seen\n)+$/);
    });

    test(`an access test as the service can’t read the input meant for root, under ${shell.name}`, {
      skip: shell.skip,
    }, () => {
      const output = runParts(shell, PARTS, `${PREPARED}\necho hush | as_identity cat`);
      assert.equal(output.toString(), '');
    });

    test(`an access test as the service that prints without end is cut off, under ${shell.name}`, {
      skip: shell.skip,
    }, () => {
      const output = runParts(shell, PARTS, `${PREPARED}\nas_identity yes nothing | bounded | wc -c`);
      assert.equal(Number(output.toString()), 1_048_576);
    });
  }
});
