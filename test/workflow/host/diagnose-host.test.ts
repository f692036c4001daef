import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { createLog } from '../../../src/log.ts';
import { OperatorError } from '../../../src/model/operator-error.ts';
import { clockAheadSeconds, diagnoseCatchingFaults } from '../../../src/workflow/host/diagnose-host.ts';
import { hostSettings } from '../../host/sample-settings.ts';

const asked = { from: new Date(1_000_500), to: new Date(1_003_200) };

/** A host's clock has whole seconds; it was asked between 1000.5 s and 1003.2 s by ours. */
for (const [takenAt, ahead] of [
  [1000, 0],
  [1001, 0],
  [1003, 0],
  [1004, 1],
  [999, -1],
  [1003 + 7200, 7200],
  [1000 - 7200, -7200],
] as const) {
  test(`the bot takes a host clock that reads ${takenAt} s to be at least ${ahead} s ahead`, () =>
    assert.equal(clockAheadSeconds(takenAt, asked), ahead));
}

/** A diagnosis of which this comes while it runs. */
function diagnoseDuring(error: Error) {
  const remote = { run: () => Promise.reject(error) };
  return diagnoseCatchingFaults({ remote, clock: systemClock, log: createLog('silent') }, hostSettings({}));
}

test('a fault of the bot ends a diagnosis without a verdict, and a record that can’t be written ends it without any', async () => {
  const { diagnosis } = await diagnoseDuring(new TypeError('a bug'));
  const [finding] = diagnosis.findings;
  assert.ok(finding?.id === 'probe-malformed');
  assert.deepEqual(finding.why, { code: 'bot-failed', said: 'a bug' });
  const away = new OperatorError({ code: 'store', problem: { kind: 'out-of-touch', server: 'db' } });
  await assert.rejects(diagnoseDuring(away), away);
});
