import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UsageProblem } from '../../../src/model/record/thread-message.ts';
import { parseRegistryCommand } from '../../../src/slack/requests/registry-command-text.ts';

const diagnose = (hostText: string) => ({ kind: 'diagnose', hostText });
const usage = (problem: UsageProblem | null) => ({ kind: 'usage', problem });

const unknownVerb = (verb: string) => ({ code: 'unknown-verb', verb }) as const;

const CASES: readonly [text: string, command: object][] = [
  ['diagnose git01', diagnose('git01')],
  ['  DIAGNOSE\t git01 \n', diagnose('git01')],
  ['diagnose GIT01', diagnose('GIT01')],
  ['diagnose $(reboot)', diagnose('$(reboot)')],
  ['', usage(null)],
  ['   ', usage(null)],
  ['Help', usage(null)],
  ['help me', usage(unknownVerb('help'))],
  ['diagnose', usage({ code: 'host-missing' })],
  ['diagnose git01 git02', usage({ code: 'too-many-words' })],
  ['diagnosegit01', usage(unknownVerb('diagnosegit01'))],
  ['fix git01', usage(unknownVerb('fix'))],
  ['x\u202ey', usage(unknownVerb('x\u202ey'))],
  ['x'.repeat(100), usage(unknownVerb('x'.repeat(100)))],
];

for (const [text, command] of CASES) {
  test(`the command text ${JSON.stringify(text)} is read as ${JSON.stringify(command)}`, () => {
    assert.deepEqual(parseRegistryCommand(text), command);
  });
}
