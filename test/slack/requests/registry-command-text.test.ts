import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRegistryCommand } from '../../../src/slack/requests/registry-command-text.ts';
import { USAGE_PROBLEMS } from '../../../src/words/en/answers.ts';

const diagnose = (hostText: string) => ({ kind: 'diagnose', hostText });
const usage = (problem: string | null) => ({ kind: 'usage', problem });

const CASES: readonly [text: string, command: object][] = [
  ['diagnose git01', diagnose('git01')],
  ['  DIAGNOSE\t git01 \n', diagnose('git01')],
  ['diagnose GIT01', diagnose('GIT01')],
  ['diagnose $(reboot)', diagnose('$(reboot)')],
  ['', usage(null)],
  ['   ', usage(null)],
  ['Help', usage(null)],
  ['help me', usage('Unknown command “help”.')],
  ['diagnose', usage(USAGE_PROBLEMS.hostMissing)],
  ['diagnose git01 git02', usage(USAGE_PROBLEMS.tooManyWords)],
  ['diagnosegit01', usage('Unknown command “diagnosegit01”.')],
  ['fix git01', usage('Unknown command “fix”.')],
  ['x\u202ey', usage('Unknown command “x\\xe2\\x80\\xaey”.')],
  ['x'.repeat(100), usage(`Unknown command “${'x'.repeat(40)}”.`)],
];

for (const [text, command] of CASES) {
  test(`${JSON.stringify(text)} is read as ${JSON.stringify(command)}`, () => {
    assert.deepEqual(parseRegistryCommand(text), command);
  });
}
