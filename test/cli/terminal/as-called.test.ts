import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advisingAsCalled, asCalled, programAsCalled } from '../../../src/cli/terminal/as-called.ts';
import { createConsole } from '../../../src/cli/terminal/console.ts';
import { terminalText } from '../../../src/telling/text/terminal-text.ts';
import { code, say } from '../../../src/words/phrase.ts';
import { english } from '../../support/words/english.ts';

const called = (program: string) => ({ program, config: null, host: null });

const CALLS: readonly (readonly [script: string, environment: Record<string, string>, program: string])[] = [
  ['/repo/node_modules/.bin/registry-doctor', { npm_command: 'exec' }, 'npx registry-doctor'],
  ['/repo/src/main.ts', { npm_command: 'run-script', npm_lifecycle_event: 'cli' }, 'npm run -s cli --'],
  ['/usr/local/bin/registry-doctor', {}, 'registry-doctor'],
  ['/app/src/main.ts', {}, 'node /app/src/main.ts'],
];

for (const [script, environment, program] of CALLS) {
  test(`commands suggested in messages start as the user started the program: ${program}`, () => {
    assert.equal(programAsCalled({ argv: ['node', script], env: environment }), program);
    assert.equal(asCalled('Run `registry-doctor check`.', called(program)), `Run \`${program} check\`.`);
  });
}

test('a path that contains the program name is printed unchanged, not rewritten as a suggested command', () => {
  const text = 'installed as /usr/local/lib/registry-doctor/guard';
  assert.equal(asCalled(text, called('npx registry-doctor')), text);
});

const WITH_CONFIG: readonly (readonly [command: string, typed: string])[] = [
  ['host setup HOST', "host setup git01 --config '/etc/my config.yml'"],
  ['diagnose git01', "diagnose git01 --config '/etc/my config.yml'"],
  ['audit verify', "audit verify --config '/etc/my config.yml'"],
  ['diagnose --facts f.json', 'diagnose --facts f.json'],
  ['sign 142-1 --config FILE --key KEYFILE', 'sign 142-1 --config FILE --key KEYFILE'],
  ['host guard', 'host guard'],
];

for (const [command, typed] of WITH_CONFIG) {
  test(`a suggested ${command} command names the host and the config file of the current run`, () => {
    const known = { program: 'registry-doctor', config: '/etc/my config.yml', host: 'git01' };
    assert.equal(asCalled(`Run \`registry-doctor ${command}\`.`, known), `Run \`registry-doctor ${typed}\`.`);
  });
}

test('the terminal rewrites suggested commands in messages and results to how the user started the program', () => {
  const said: string[] = [];
  const write = (text: string) => said.push(text);
  const plain = createConsole({ stdout: { write }, stderr: { write }, environment: {}, words: english });
  const advising = advisingAsCalled(plain, called('npm run -s cli --'));
  advising.err('Run `registry-doctor check`.');
  assert.deepEqual(said, ['Run `npm run -s cli -- check`.\n']);
  assert.equal(
    terminalText(say`Run ${code('registry-doctor check')}.`, advising.style),
    'Run `npm run -s cli -- check`.',
  );
});

test('a path on a host that looks like a suggested command is printed unchanged', () => {
  const said: string[] = [];
  const write = (text: string) => said.push(text);
  const plain = createConsole({ stdout: { write }, stderr: { write }, environment: {}, words: english });
  const advising = advisingAsCalled(plain, called('npx registry-doctor'));
  const path = '/srv/a `registry-doctor check` b';
  advising.out(path);
  assert.deepEqual(said, [path]);
  assert.equal(terminalText(say`${code(path)}`, advising.style), `\`${path}\``);
});
