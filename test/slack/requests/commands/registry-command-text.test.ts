import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandName, UsageProblem } from '../../../../src/model/record/command.ts';
import { parseRegistryCommand } from '../../../../src/slack/requests/commands/registry-command-text.ts';

const diagnose = (hostText: string) => ({ kind: 'diagnose', hostText });
const usage = (problem: UsageProblem | null) => ({ kind: 'usage', problem });

const unknownVerb = (verb: string, nearest: CommandName | null = null) =>
  ({ code: 'unknown-verb', verb, nearest }) as const;

const CASES: readonly [text: string, command: object][] = [
  ['diagnose git01', diagnose('git01')],
  ['  DIAGNOSE\t git01 \n', diagnose('git01')],
  ['diagnose GIT01', diagnose('GIT01')],
  ['diagnose $(reboot)', diagnose('$(reboot)')],
  ['mute git01 2h', { kind: 'mute', hostText: 'git01', lengthText: '2h', reason: null }],
  ['Mute git01 2h  disk   swap ', { kind: 'mute', hostText: 'git01', lengthText: '2h', reason: 'disk swap' }],
  [`mute git01 2h ${'x'.repeat(400)}`, { kind: 'mute', hostText: 'git01', lengthText: '2h', reason: 'x'.repeat(300) }],
  [
    `mute git01 2h ${'x'.repeat(299)}\u{1f525}`,
    { kind: 'mute', hostText: 'git01', lengthText: '2h', reason: `${'x'.repeat(299)}\ufffd` },
  ],
  ['mute git01', usage({ code: 'mute-incomplete' })],
  ['mute', usage({ code: 'host-missing', command: 'mute' })],
  ['UNMUTE git01', { kind: 'unmute', hostText: 'git01' }],
  ['unmute', usage({ code: 'host-missing', command: 'unmute' })],
  ['unmute git01 now', usage({ code: 'too-many-words', command: 'unmute' })],
  ['record 12', { kind: 'record', incidentIdText: '12' }],
  ['Record #12', { kind: 'record', incidentIdText: '12' }],
  ['record', usage({ code: 'incident-missing' })],
  ['record git01', usage({ code: 'incident-missing' })],
  ['record 0', usage({ code: 'incident-missing' })],
  ['record 12 13', usage({ code: 'incident-missing' })],
  ['record $(reboot)', usage({ code: 'incident-missing' })],
  ['', { kind: 'form' }],
  ['   ', { kind: 'form' }],
  ['Help', usage(null)],
  ['help me', usage({ code: 'nothing-follows', command: 'help' })],
  ['hosts', { kind: 'hosts' }],
  ['hosts git01', usage({ code: 'nothing-follows', command: 'hosts' })],
  ['Incidents', { kind: 'incidents' }],
  ['incidents now', usage({ code: 'nothing-follows', command: 'incidents' })],
  ['status', { kind: 'status', hostText: null }],
  ['status git01', { kind: 'status', hostText: 'git01' }],
  ['status git01 git02', usage({ code: 'too-many-hosts', command: 'status' })],
  ['history', { kind: 'history', hostText: null }],
  ['history git01', { kind: 'history', hostText: 'git01' }],
  ['history git01 git02', usage({ code: 'too-many-hosts', command: 'history' })],
  ['diagnose', usage({ code: 'host-missing', command: 'diagnose' })],
  ['diagnose git01 git02', usage({ code: 'too-many-words', command: 'diagnose' })],
  ['diagnosegit01', usage(unknownVerb('diagnosegit01'))],
  ['diagnos git01', usage(unknownVerb('diagnos', 'diagnose'))],
  ['STATSU', usage(unknownVerb('STATSU', 'status'))],
  ['host', usage(unknownVerb('host', 'hosts'))],
  ['fix git01', usage(unknownVerb('fix'))],
  ['constructor', usage(unknownVerb('constructor'))],
  ['x\u202ey', usage(unknownVerb('x\u202ey'))],
  ['x'.repeat(100), usage(unknownVerb('x'.repeat(100)))],
];

for (const [text, command] of CASES) {
  test(`the command text ${JSON.stringify(text)} is read as ${JSON.stringify(command)}`, () => {
    assert.deepEqual(parseRegistryCommand(text), command);
  });
}
