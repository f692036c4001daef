import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asCalled, programAsCalled } from '../../../src/cli/terminal/as-called.ts';

const CALLS: readonly (readonly [script: string, environment: Record<string, string>, program: string])[] = [
  ['/repo/node_modules/.bin/registry-doctor', { npm_command: 'exec' }, 'npx registry-doctor'],
  ['/repo/src/main.ts', { npm_command: 'run-script', npm_lifecycle_event: 'cli' }, 'npm run -s cli --'],
  ['/usr/local/bin/registry-doctor', {}, 'registry-doctor'],
  ['/app/src/main.ts', {}, 'node /app/src/main.ts'],
];

for (const [script, environment, program] of CALLS) {
  test(`advice names the program as it was called: ${program}`, () => {
    assert.equal(programAsCalled({ argv: ['node', script], env: environment }), program);
    assert.equal(asCalled('Run `registry-doctor check`.', program), `Run \`${program} check\`.`);
  });
}

test('a path that contains the program name is not rewritten', () => {
  const text = 'installed as /usr/local/lib/registry-doctor/guard';
  assert.equal(asCalled(text, 'npx registry-doctor'), text);
});
