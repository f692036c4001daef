import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChaosCampaign } from '../../support/chaos/chaos-campaign.ts';
import { seedOfRun } from '../../support/random.ts';
import { skipUnless } from '../../support/requirements.ts';

/** The smallest part of `npm run chaos`. RD_CHAOS_FLOWS plays more. */
const FLOWS = Number(process.env['RD_CHAOS_FLOWS'] ?? 3);
const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl', 'postgres');

test(`nothing is lost, doubled or stuck in ${FLOWS} flows of three bots while bots, Postgres, network and Slack fail`, {
  skip,
}, async (t) => {
  const report = await runChaosCampaign({ seed: seedOfRun(), flows: FLOWS, atOnce: 6, bots: 3 });
  t.diagnostic(`RD_SEED=${report.seed}: ${[...report.chaos.keys()].join(', ')}`);
  assert.deepEqual(report.violations, []);
  assert.ok(report.executions >= FLOWS);
});
