import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { HostName } from '../../../src/model/record/ids.ts';
import { countSession, SESSION_WAIT_MS } from '../../../src/ssh/run/count-session.ts';

const GIT01 = HostName.parse('git01');
const LIMITS = { most: 4, lastsMs: 1_000 };

/** Counts each session, after so long by the process's clock, or none. */
function counting(t: TestContext, answers: readonly { readonly afterMs: number; readonly isCounted: boolean }[]) {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  const seen: string[] = [];
  const left = [...answers];
  const take = async () => {
    const { afterMs, isCounted } = left.shift() ?? assert.fail('asked too often');
    now += afterMs;
    seen.push(isCounted ? 'counted' : 'none left');
    return isCounted ? { giveBack: async () => void seen.push('given back') } : null;
  };
  return { seen, sessions: { take } };
}

suite('a session that is to be counted', () => {
  test('begins only if the process was not stopped since it asked', async (t) => {
    const { seen, sessions } = counting(t, [
      { afterMs: 5_000, isCounted: true },
      { afterMs: 0, isCounted: false },
      { afterMs: 1, isCounted: true },
    ]);
    assert.notEqual(await countSession(sessions, GIT01, LIMITS), null);
    assert.deepEqual(seen, ['counted', 'given back', 'none left', 'counted']);
  });

  test('does not begin if others have all of them for longer than any of them can count', async (t) => {
    const { seen, sessions } = counting(t, [
      { afterMs: SESSION_WAIT_MS - 1, isCounted: false },
      { afterMs: 1, isCounted: false },
    ]);
    assert.equal(await countSession(sessions, GIT01, LIMITS), null);
    assert.deepEqual(seen, ['none left', 'none left']);
  });
});
