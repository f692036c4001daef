import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UsageProblem } from '../../../src/model/record/thread-message.ts';
import { parseRegistryCommand } from '../../../src/slack/requests/registry-command-text.ts';

const diagnose = (hostText: string) => ({ kind: 'diagnose', hostText });
const usage = (problem: UsageProblem | null) => ({ kind: 'usage', problem });

const CASES: readonly [text: string, command: object][] = [
  ['diagnose git01', diagnose('git01')],
  ['  DIAGNOSE\t git01 \n', diagnose('git01')],
  ['diagnose GIT01', diagnose('GIT01')],
  ['diagnose $(reboot)', diagnose('$(reboot)')],
  ['', usage(null)],
  ['   ', usage(null)],
  ['Help', usage(null)],
  ['help me', usage({ kind: 'unknown-verb', verb: 'help' })],
  ['diagnose', usage({ kind: 'host-missing' })],
  ['diagnose git01 git02', usage({ kind: 'too-many-words' })],
  ['diagnosegit01', usage({ kind: 'unknown-verb', verb: 'diagnosegit01' })],
  ['fix git01', usage({ kind: 'unknown-verb', verb: 'fix' })],
  ['x\u202ey', usage({ kind: 'unknown-verb', verb: 'x\u202ey' })],
  ['x'.repeat(100), usage({ kind: 'unknown-verb', verb: 'x'.repeat(100) })],
];

for (const [text, command] of CASES) {
  test(`${JSON.stringify(text)} is read as ${JSON.stringify(command)}`, () => {
    assert.deepEqual(parseRegistryCommand(text), command);
  });
}
