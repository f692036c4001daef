import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Mode } from '../../src/model/facts.ts';
import { HostName } from '../../src/model/ids.ts';
import type { PlanStep } from '../../src/model/plan.ts';
import { planPrediction, stepCommand, stepGain } from '../../src/words/en/plan.ts';
import { plainText } from '../../src/words/phrase.ts';
import { judgeFacts } from '../../src/workflow/judge-facts.ts';
import { hostPath } from '../support/facts-builder.ts';
import { incidentFacts } from '../support/incident-facts.ts';

const HOST = HostName.parse('git01');
const precondition = { device: '1', inode: '2', mode: Mode.parse('0750'), uid: 0, gid: 0 };

type Gains = Extract<PlanStep, { action: 'chmod' }>['gains'];

function chmod(from: string, to: string, gains: Gains, gainingPrincipal: string, path = '/data'): PlanStep {
  const modes = { from: Mode.parse(from), to: Mode.parse(to) };
  return { action: 'chmod', path: hostPath(path), ...modes, gains, gainingPrincipal, precondition };
}

const chown: PlanStep = {
  action: 'chown',
  path: hostPath('/data/my disk'),
  from: '0:0',
  to: '993:993',
  gainingPrincipal: 'registry',
  precondition,
};

describe('a step as a command', () => {
  test('of a plain path', () => {
    assert.equal(stepCommand(chmod('0750', '0751', 'other', 'every account')), 'chmod 0751 /data');
  });
  test('of a path that would be more than one word', () => {
    assert.equal(stepCommand(chown), "chown 993:993 '/data/my disk'");
    assert.equal(stepCommand(chmod('0750', '0751', 'other', 'all', '/a\n# b')), "chmod 0751 $'/a\\x0a# b'");
  });
});

describe('who gains what', () => {
  const rows: [PlanStep, string][] = [
    [
      chmod('0750', '0751', 'other', 'every account'),
      'every account on git01 can pass through it, and can neither list nor change it',
    ],
    [
      chmod('0700', '0701', 'other', 'every account'),
      "every account on git01 outside the directory's own group can pass through it, and can neither list nor change it",
    ],
    [chmod('0754', '0755', 'other', 'every account'), 'every account on git01 can pass through it'],
    [
      chmod('0700', '0710', 'group', 'ops'),
      'every member of group ops can pass through it, and can neither list nor change it',
    ],
    [chmod('0600', '0700', 'owner', 'registry'), 'registry, its owner, can pass through it'],
    [
      chmod('0000', '0700', 'owner', 'registry'),
      'registry, its owner, can pass through it, list it and create and delete entries in it',
    ],
    [chmod('0500', '0700', 'owner', 're\ngistry'), 're\\x0agistry, its owner, can create and delete entries in it'],
    [chown, 'registry becomes its owner'],
  ];
  for (const [step, gain] of rows) {
    test(gain, () => assert.equal(plainText(stepGain(step, HOST)), gain));
  }
});

describe('the prediction', () => {
  const { plan } = judgeFacts(incidentFacts());
  test('promises only what was predicted', () => {
    assert.ok(plan);
    assert.equal(planPrediction(plan), 'Predicted: nothing else blocks the registry then.');
    assert.match(planPrediction({ ...plan, clearsEveryBlocker: false }), /still in the way, or out of my sight/);
  });
});
