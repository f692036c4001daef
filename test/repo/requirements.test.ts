import assert from 'node:assert/strict';
import { afterEach, beforeEach, type TestContext, test } from 'node:test';
import { missingRequirements, skipUnless } from '../support/requirements.ts';

const ci = process.env['CI'];

beforeEach(() => {
  delete process.env['CI'];
});

afterEach(() => {
  if (ci === undefined) delete process.env['CI'];
  else process.env['CI'] = ci;
});

function pretendToBe(t: TestContext, uid: number): void {
  const { getuid } = process;
  process.getuid = () => uid;
  t.after(() => {
    if (getuid !== undefined) process.getuid = getuid;
  });
}

test('a test that requires programs runs when the machine has all of them', (t) => {
  pretendToBe(t, 0);
  assert.equal(skipUnless('root'), false);
  assert.equal(skipUnless(), false);
});

test('a test that is skipped says which required program is missing', (t) => {
  pretendToBe(t, 1000);
  assert.equal(skipUnless('root'), 'needs root');
  assert.ok(missingRequirements().includes('root'));
});

test('with CI=true a missing required program fails the test instead of skipping it', (t) => {
  pretendToBe(t, 1000);
  process.env['CI'] = 'true';
  assert.throws(() => skipUnless('root'), /needs root, which this machine lacks \(CI=true/);
  pretendToBe(t, 0);
  assert.equal(skipUnless('root'), false);
});
