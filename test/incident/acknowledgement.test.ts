import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledgementIn } from '../../src/incident/acknowledgement.ts';
import type { Actor } from '../../src/model/record/actor.ts';
import type { Act, AuditEntry } from '../../src/model/record/audit.ts';
import { ALICE, BOB } from '../slack/scenario-messages.ts';

type Entry = Pick<AuditEntry, 'act' | 'actor' | 'at' | 'outcome'>;

const WORKFLOW: Actor = { kind: 'bot', part: 'workflow' };
const at = (minute: number) => `2026-11-23T14:0${minute}:00.000Z`;

function entry(act: Act, minute: number, actor: Actor = WORKFLOW, outcome: Entry['outcome'] = {}): Entry {
  return { act, actor, at: at(minute), outcome };
}

const OPENED = entry('incident-opened', 0);
const BY_ALICE = entry('incident-acknowledged', 1, ALICE);

test('an incident is no one’s until someone acknowledges it', () => {
  assert.equal(acknowledgementIn([]), null);
  assert.equal(acknowledgementIn([OPENED, entry('diagnosed', 1, WORKFLOW, { verdict: 'faulty' })]), null);
  assert.deepEqual(acknowledgementIn([OPENED, BY_ALICE]), { by: ALICE, at: at(1) });
});

test('the last person who acknowledged an incident is on it', () => {
  const entries = [OPENED, BY_ALICE, entry('incident-acknowledged', 2, BOB), entry('plan-expired', 3)];
  assert.deepEqual(acknowledgementIn(entries), { by: BOB, at: at(2) });
});

test('a diagnosis or a verification without a healthy registry changes nothing of it', () => {
  const entries = [
    BY_ALICE,
    entry('diagnosed', 2, WORKFLOW, { verdict: 'inconclusive' }),
    entry('verified', 3, WORKFLOW, { registry: 'not-well' }),
  ];
  assert.deepEqual(acknowledgementIn(entries), { by: ALICE, at: at(1) });
});

const ENDS: readonly [what: string, end: Entry][] = [
  ['resolved', entry('incident-resolved', 2)],
  ['closed', entry('incident-closed', 2)],
  ['found healthy by a diagnosis', entry('diagnosed', 2, WORKFLOW, { verdict: 'healthy' })],
  ['found healthy after a plan', entry('verified', 2, WORKFLOW, { registry: 'well' })],
];

for (const [what, end] of ENDS) {
  test(`an incident that was ${what} and is open again is no one’s`, () => {
    assert.equal(acknowledgementIn([OPENED, BY_ALICE, end, entry('diagnosis-requested', 3)]), null);
  });
}
