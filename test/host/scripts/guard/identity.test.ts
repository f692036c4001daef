import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { skipUnless } from '../../../support/requirements.ts';
import { runParts } from '../../guard-parts.ts';
import { SHELLS } from '../../shells.ts';

/** Runs and sleeps in turn, thousands of times a second, so that /proc/PID/status changes while it is read. */
const RESTLESS = `process.stdout.write('.');
const pause = new Int32Array(new SharedArrayBuffer(4));
for (;;) { for (let i = 0; i < 100_000; i += 1); Atomics.wait(pause, 0, 0, 0.2); }`;
const READS = 1_000;

describe('the identity of a process', { skip: skipUnless('linux') }, () => {
  let restless: ChildProcess;
  before(async () => {
    restless = spawn(process.execPath, ['-e', RESTLESS], { stdio: ['ignore', 'pipe', 'ignore'] });
    if (restless.stdout) await once(restless.stdout, 'data');
  });
  after(async () => {
    restless.kill('SIGKILL');
    await once(restless, 'exit');
  });

  for (const shell of SHELLS) {
    test(`the identity of a process is read whole even while its state changes (${shell.name})`, {
      skip: shell.skip,
    }, () => {
      const program = `i=0 missed=0
        while [ $i -lt ${READS} ]; do
          i=$((i + 1))
          if ! read_identity /proc/${restless.pid}/status || [ "$identity_uid.$identity_gid" != ${process.geteuid?.()}.${process.getegid?.()} ]; then missed=$((missed + 1)); fi
        done
        echo "$missed missed"`;
      assert.equal(runParts(shell, ['lib/identity.sh'], program).toString(), '0 missed\n');
    });
  }
});
