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
  ['mute git01 2h', { kind: 'mute', hostText: 'git01', lengthText: '2h', reason: null }],
  ['Mute git01 2h  disk   swap ', { kind: 'mute', hostText: 'git01', lengthText: '2h', reason: 'disk swap' }],
  [`mute git01 2h ${'x'.repeat(400)}`, { kind: 'mute', hostText: 'git01', lengthText: '2h', reason: 'x'.repeat(300) }],
  ['mute git01', usage({ code: 'mute-incomplete' })],
  ['mute', usage({ code: 'mute-incomplete' })],
  ['UNMUTE git01', { kind: 'unmute', hostText: 'git01' }],
  ['unmute', usage({ code: 'unmute-incomplete' })],
  ['unmute git01 now', usage({ code: 'unmute-incomplete' })],
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
  test(`${JSON.stringify(text)} is read as ${JSON.stringify(command)}`, () => {
    assert.deepEqual(parseRegistryCommand(text), command);
  });
}
