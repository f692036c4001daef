import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCrashCampaign } from '../../support/crash/crash-campaign.ts';
import { seedOfRun } from '../../support/random.ts';
import { skipUnless } from '../../support/requirements.ts';

/** The smallest part of `npm run crash`: one round with ten hosts. RD_CRASH_RUNS plays more. */
const RUNS = Number(process.env['RD_CRASH_RUNS'] ?? 10);
const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');

test(`nothing is lost, doubled or stuck in ${RUNS} flows of a bot that is killed while network, Slack and clock fail`, {
  skip,
}, async (t) => {
  const report = await runCrashCampaign({ seed: seedOfRun(), runs: RUNS, atOnce: 10 });
  const kills = [...report.kills.values()].reduce((sum, count) => sum + count, 0);
  t.diagnostic(`RD_SEED=${report.seed}: ${kills} kills, ${report.entries} entries, ${report.executions} executions`);
  assert.deepEqual(report.violations, []);
  assert.ok(report.executions >= RUNS);
});
