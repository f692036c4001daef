import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { asOneBlock, remoteCommand } from '../../../src/ssh/run/remote-command.ts';
import { roundsOf } from '../../support/campaign.ts';
import { seedOfRun } from '../../support/random.ts';
import { skipUnless } from '../../support/requirements.ts';

describe('the command that the bot runs on a host', () => {
  test('the command that the bot runs on a host is constant except for its timeout', () => {
    assert.equal(
      remoteCommand({ sudo: false, enter: [] }, 30),
      'exec /bin/sh -c \'LC_ALL=C; export LC_ALL; if timeout -k 5 9 true >/dev/null 2>&1; then exec /usr/bin/env -i HOME="$HOME" PATH="$PATH" LC_ALL=C timeout -k 5 30 /bin/sh -s; fi; exec /usr/bin/env -i HOME="$HOME" PATH="$PATH" LC_ALL=C /bin/sh -s\'',
    );
  });

  test('the command that the bot runs on a host sets its time limit under sudo, where it can end root’s processes', () => {
    assert.equal(
      remoteCommand({ sudo: true, enter: [] }, 7),
      "exec /bin/sh -c 'LC_ALL=C; export LC_ALL; if timeout -k 5 9 true >/dev/null 2>&1; then exec sudo -n timeout -k 5 7 /bin/sh -s; fi; exec sudo -n /bin/sh -s'",
    );
  });

  test('the command that the bot runs on a host enters a container under sudo and the time limit, each word quoted', () => {
    assert.equal(
      remoteCommand({ sudo: true, enter: ['docker', 'exec', '-i', 'my registry'] }, 7),
      'exec /bin/sh -c \'LC_ALL=C; export LC_ALL; if timeout -k 5 9 true >/dev/null 2>&1; then exec sudo -n timeout -k 5 7 "docker" "exec" "-i" "my registry" /bin/sh -s; fi; exec sudo -n "docker" "exec" "-i" "my registry" /bin/sh -s\'',
    );
  });

  for (const word of ['', 'a"b', "a'b", '$(reboot)', '`reboot`', 'a\\', 'a\nb', 'é', 'a!b']) {
    test(`the bot refuses an unsafe word in the configured enter command: ${JSON.stringify(word)}`, () => {
      assert.throws(() => remoteCommand({ sudo: false, enter: ['docker', word] }, 7), RangeError);
    });
  }

  for (const seconds of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1000]) {
    test(`the bot refuses a command timeout of ${seconds} seconds`, () => {
      assert.throws(() => remoteCommand({ sudo: false, enter: [] }, seconds), RangeError);
    });
  }
});

/** Login shells that sshd may hand the command to; those of them that this machine has. */
const LOGIN_SHELLS = [['sh'], ['bash'], ['busybox', 'sh'], ['zsh'], ['fish'], ['csh'], ['tcsh']].filter(
  ([program = '', ...args]) => spawnSync(program, [...args, '-c', ':']).status === 0,
);
const HOSTILE = ['a b', '*', '?', '~', ';', '|', '&', '>', '<', '(', ')', '{a,b}', '[x]', '#', '%', '=', '^'];

for (const [program = '', ...args] of LOGIN_SHELLS) {
  test(`the words of a command reach the host’s program unchanged through ${program}`, () => {
    const command = remoteCommand({ sudo: false, enter: ['printf', '%s', ...HOSTILE] }, 7);
    const { stdout } = spawnSync(program, [...args, '-c', command], { encoding: 'utf8' });
    assert.equal(stdout, [...HOSTILE, '/bin/sh', '-s'].join(''));
  });
}

const SHELLS = [
  { name: 'sh', command: ['sh', '-s'], skip: skipUnless('linux') },
  { name: 'bash', command: ['bash', '-s'], skip: skipUnless('bash') },
  { name: 'busybox sh', command: ['busybox', 'sh', '-s'], skip: skipUnless('busybox') },
] as const;

/** Of the places where a script may be cut off each shell gets each third, and each of them where RD_LONG is set. */
const apart = roundsOf(SHELLS.length, 1);
const turn = seedOfRun();

for (const [nth, shell] of SHELLS.entries()) {
  const firstCut = (turn + nth) % apart;
  const run = (stdin: string) => {
    const [program, ...args] = shell.command;
    return spawnSync(program, args, { input: stdin, encoding: 'utf8' });
  };

  describe(`a script that the bot sends, run by ${shell.name}`, { skip: shell.skip }, () => {
    const script =
      'echo first; cat <<\'END\'\n$(echo never) `x` "y" }\nEND\nfor i in 1 2; do\n  echo "$i"; done # }\nexit 3';

    test(`a script that the bot sends runs as it would from a file, under ${shell.name}`, () => {
      const { stdout, status } = run(asOneBlock(script));
      assert.deepEqual([stdout, status], ['first\n$(echo never) `x` "y" }\n1\n2\n', 3]);
    });

    test(`a script that the bot sends runs nothing at all if it is cut off anywhere, under ${shell.name}`, () => {
      const whole = asOneBlock(script);
      const needed = whole.trimEnd().length;
      for (let length = firstCut; length < needed; length += apart) {
        const { stdout } = run(whole.slice(0, length));
        assert.equal(stdout, '', `cut after ${length} of ${needed} characters`);
      }
    });

    for (const harmless of ['', '\n', '# only a comment', 'true\n\n']) {
      test(`an unusual script that the bot sends runs without an error: ${JSON.stringify(harmless)}, under ${shell.name}`, () => {
        const { status, stderr } = run(asOneBlock(harmless));
        assert.deepEqual([status, stderr], [0, '']);
      });
    }
  });
}
