import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import { AclText } from '../../src/model/host/acl.ts';
import { Mode } from '../../src/model/host/facts.ts';
import type { ApplyOutcome } from '../../src/model/plan/execution.ts';
import type { PlanStep } from '../../src/model/plan/plan.ts';
import { HostName } from '../../src/model/record/ids.ts';
import { planPhrases, tellPlan } from '../../src/telling/plan.ts';
import { outcomeSentence, stepRecordsLeftOut } from '../../src/words/en/outcome.ts';
import { stepGain } from '../../src/words/en/plan.ts';
import { confirmation, expectedSentence } from '../../src/words/en/plan-card.ts';
import { placesOf } from '../../src/words/en/plan-places.ts';
import { plainText } from '../../src/words/phrase.ts';
import { stepCommand } from '../../src/words/step-command.ts';
import { samplePlan } from '../host/sample-plan.ts';
import { hostPath } from '../support/facts/facts-builder.ts';
import { incidentFacts } from '../support/facts/incident-facts.ts';
import { english } from '../support/words/english.ts';

const ONE_APPROVAL = { needed: 1, approvals: [] };

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

const fileEntry: PlanStep = {
  action: 'setfacl',
  kind: 'file',
  path: hostPath('/srv/auth/htpasswd'),
  from: AclText.parse('user::rw-,group::---,other::---'),
  to: AclText.parse('user::rw-,user:993:r--,group::---,mask::r--,other::---'),
  modify: AclText.parse('user:993:r--'),
  gainingPrincipal: 'registry',
  precondition: { ...precondition, mode: Mode.parse('0600') },
};

describe('a plan for directories and files', () => {
  const [directory, file] = [chmod('0750', '0751', 'other', 'every account'), fileEntry];
  const plan = samplePlan({
    steps: [directory, file],
    also: [{ use: 'read', path: hostPath('/srv/auth/htpasswd'), secret: true }],
  });
  const records = plan.steps.map(({ path, from, to }) => ({ path, before: from, after: to, was: null, is: null }));

  test('the text of a plan for directories and files counts each kind', () => {
    assert.equal(placesOf([file]), '1 file');
    assert.equal(placesOf([directory, chown]), '2 directories');
    assert.equal(placesOf(plan.steps), '1 directory and 1 file');
    const tree = { ...chown, tree: { entries: 97, digest: 'a'.repeat(64) } };
    assert.equal(placesOf([tree]), '97 entries');
    assert.equal(placesOf([tree, directory, file]), '97 entries, 1 directory and 1 file');
  });
  test('the text of a plan for a whole tree counts every entry that changes', () => {
    const owned = { ...plan, steps: [{ ...chown, tree: { entries: 97, digest: 'a'.repeat(64) } }] };
    assert.match(confirmation(owned, ONE_APPROVAL, 3000).text, /^Changes 97 entries/);
    const applied = outcomeSentence(owned, { kind: 'applied', steps: [], tried: { result: 'allowed' } });
    assert.match(plainText(applied), /97 entries on git01 changed as planned/);
  });
  test('the text of a plan for directories and files says who gains what, and that files become readable only', () => {
    const text = planPhrases(tellPlan(plan, english), english).map(plainText).join('\n');
    assert.match(
      text,
      /for \/data, every account on git01 can pass through it, but not list or change it; registry can read \/srv\/auth\/htpasswd; no one else gains access\./,
    );
    assert.match(text, /no file becomes writable/);
  });
  test('the confirmation of a plan for directories and files asks about directories and files', () => {
    assert.match(
      confirmation(plan, ONE_APPROVAL, 3000).text,
      /^Changes 1 directory and 1 file: \/data to 0751, .* Who gains access: for \/data, every account/,
    );
    assert.match(confirmation({ ...plan, steps: [file] }, ONE_APPROVAL, 3000).text, /^Changes 1 file: /);
  });
  test('the outcome of a plan for directories and files says what happened to directories and files', () => {
    const tell = (outcome: ApplyOutcome) => plainText(outcomeSentence(plan, outcome));
    assert.equal(
      tell({ kind: 'applied', steps: records, tried: { result: 'allowed' } }),
      'Done. 1 directory and 1 file on git01 changed as planned, and 48211 (uid 48211) can use the storage and /srv/auth/htpasswd (tested).',
    );
    assert.match(
      tell({ kind: 'undone', why: { code: 'interrupted' }, steps: records }),
      /Every directory and file is as it was before\.$/,
    );
    assert.match(
      tell({ kind: 'undo-failed', why: { code: 'interrupted' }, steps: records }),
      /Before and after, for each directory and file:$/,
    );
    assert.equal(stepRecordsLeftOut(2, plan), '… 2 more entries not shown here');
  });
  test('the undo of a plan for directories and files uses the same words as the plan', () => {
    const undo = { ...plan, undoes: { id: plan.id, hash: plan.hash } };
    const text = planPhrases(tellPlan(undo, english), english).map(plainText).join('\n');
    assert.match(text, /Each directory and file gets exactly what it had before/);
    assert.match(text, /48211 can’t use the storage and \/srv\/auth\/htpasswd then, as before/);
    const told: ApplyOutcome = { kind: 'applied', steps: records, tried: { result: 'denied' } };
    assert.match(
      plainText(outcomeSentence(undo, told)),
      /can’t use all of the storage and \/srv\/auth\/htpasswd \(tested\)/,
    );
    assert.match(
      confirmation(undo, ONE_APPROVAL, 3000).text,
      /^The registry can fail again after this\. Restores the previous modes and ACLs of 1 directory and 1 file\. /,
    );
  });
});

describe('a command in a plan', () => {
  test('a command in a plan has no quotes around a plain path', () => {
    assert.equal(stepCommand(chmod('0750', '0751', 'other', 'every account')), 'chmod 0751 /data');
  });
  test('a command in a plan for a file names the file', () => {
    assert.equal(stepCommand(fileEntry), 'setfacl -m user:993:r-- /srv/auth/htpasswd');
  });
  test('a command in a plan quotes a path that a shell would split or expand', () => {
    assert.equal(stepCommand(chown), "chown 993:993 '/data/my disk'");
    assert.equal(stepCommand(chmod('0750', '0751', 'other', 'all', '/a\n# b')), "chmod 0751 $'/a\\x0a# b'");
  });
});

describe('who gains access by a plan', () => {
  const rows: [PlanStep, string][] = [
    [
      chmod('0750', '0751', 'other', 'every account'),
      'every account on git01 can pass through it, but not list or change it',
    ],
    [
      chmod('0700', '0701', 'other', 'every account'),
      "every account on git01 outside the directory's own group can pass through it, but not list or change it",
    ],
    [chmod('0754', '0755', 'other', 'every account'), 'every account on git01 can pass through it'],
    [chmod('0700', '0710', 'group', 'ops'), 'every member of group ops can pass through it, but not list or change it'],
    [chmod('0600', '0700', 'owner', 'registry'), 'registry, its owner, can pass through it'],
    [
      chmod('0000', '0700', 'owner', 'registry'),
      'registry, its owner, can pass through it, list it and create and delete entries in it',
    ],
    [chmod('0500', '0700', 'owner', 're\ngistry'), 're\\x0agistry, its owner, can create and delete entries in it'],
    [chown, 'registry becomes its owner'],
    [
      { ...chmod('0600', '0640', 'group', 'ops', '/srv/key'), kind: 'file' } as PlanStep,
      'every member of group ops can read /srv/key; no one else gains access',
    ],
    [
      { ...chmod('0640', '0644', 'other', 'every account', '/srv/ca'), kind: 'file' } as PlanStep,
      'every account on git01 can read /srv/ca',
    ],
    [
      { ...chmod('0600', '0604', 'other', 'every account', '/srv/ca'), kind: 'file' } as PlanStep,
      "every account on git01 outside the file's own group can read /srv/ca",
    ],
    [fileEntry, 'registry can read /srv/auth/htpasswd; no one else gains access'],
  ];
  for (const [step, gain] of rows) {
    test(`a plan says who gains access: ${gain}`, () => assert.equal(plainText(stepGain(step, HOST)), gain));
  }
});

describe('the prediction of a plan', () => {
  const { plan } = judgeFacts(incidentFacts());
  test('a plan promises no more than was predicted', () => {
    assert.ok(plan);
    assert.equal(plainText(expectedSentence(plan, undefined)), 'Expected: nothing else blocks the registry.');
    assert.match(
      plainText(expectedSentence({ ...plan, clearsEveryBlocker: false }, undefined)),
      /Something else still blocks the registry, or could not be checked\.$/,
    );
  });
});
