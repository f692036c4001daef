import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { STEPS } from '../../src/words/en/playground.ts';
import { roundsOf } from '../support/campaign.ts';
import { seedOfRun } from '../support/random.ts';
import { skipUnless } from '../support/requirements.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const SIGNALS = ['SIGINT', 'SIGHUP'] as const;
const FIRST_TURN = seedOfRun();

/** They take turns over the moments, and the seed says which begins. Where RD_LONG is set, both come at each moment. */
function signalsAt(moment: number): readonly (typeof SIGNALS)[number][] {
  return SIGNALS.filter((_, nth) => (moment + FIRST_TURN + nth) % SIGNALS.length < roundsOf(1, SIGNALS.length));
}

/** The demo, with a place of its own for what it builds. */
function startDemo(t: TestContext) {
  const scratch = mkdtempSync(join(tmpdir(), 'rd-interrupted-'));
  chmodSync(scratch, 0o755);
  t.after(() => rmSync(scratch, { recursive: true, force: true }));
  const demo = spawn(process.execPath, [MAIN, 'playground', '--yes'], {
    env: { ...process.env, TMPDIR: scratch },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: demo.stdout });
  const said: string[] = [];
  lines.on('line', (line) => said.push(line));
  const untilSaid = async (wanted: string) => {
    while (!said.some((line) => line.includes(wanted))) await once(lines, 'line');
  };
  return { demo, scratch, untilSaid, ended: once(demo, 'exit') };
}

describe('the demo when it is interrupted', { skip: skipUnless('linux') }, () => {
  const moments = {
    building: STEPS.building,
    'waiting for the fault': STEPS.noticing,
    'starting the bot': STEPS.starting,
    playing: 'Alice',
  };
  for (const [nth, [moment, words]] of Object.entries(moments).entries()) {
    for (const signal of signalsAt(nth)) {
      test(`the demo leaves no process and no file behind after ${signal} while ${moment}, sent twice`, async (t) => {
        const { demo, scratch, untilSaid, ended } = startDemo(t);
        await untilSaid(words.trim().slice(0, 20));
        demo.kill(signal);
        demo.kill(signal);
        const [status] = await ended;
        assert.equal(status, 130);
        assert.deepEqual(readdirSync(scratch), []);
      });
    }
  }

  test('the demo leaves no process and no file behind when the program that reads its output closes the pipe', async (t) => {
    const { demo, scratch, untilSaid, ended } = startDemo(t);
    await untilSaid(STEPS.building.slice(0, 20));
    demo.stdout.destroy();
    const [status] = await ended;
    assert.equal(status, 130);
    assert.deepEqual(readdirSync(scratch), []);
  });
});
