import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { Mode } from '../../../src/model/host/facts.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { Json } from '../../../src/model/json.ts';
import { type Plan, PlanState } from '../../../src/model/plan/plan.ts';
import { ThreadMessage } from '../../../src/model/record/messages/thread-message.ts';
import { parseBlocks } from '../../../src/playground/slack/blocks/parse-blocks.ts';
import { charactersIn, MESSAGE_BUDGET } from '../../../src/slack/blocks/folds.ts';
import { cardFor } from '../../../src/slack/cards/card-for.ts';
import type { Card } from '../../../src/slack/cards/parts/card.ts';
import { shortHash } from '../../../src/words/short-hash.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { english } from '../../support/words/english.ts';
import { buttonsOf, shownText } from '../card-text.ts';
import { HOSTILE, INVISIBLE, MARKUP, randomValue } from '../random-value.ts';
import {
  appliedOutcome,
  executionMessage,
  incidentDiagnosis,
  incidentPlan,
  planMessage,
  verdictMessage,
  wholeThread,
} from '../scenario-messages.ts';

const RANDOM_MESSAGES = 400;
/** Entries of a list; a text has fifty times as many characters. */
const LARGEST_SIZES = [8, 30];
/** chat.update refuses longer text. */
const MAX_TEXT = 4_000;
/** The only markup that a text may hold: a person, a user group, a channel, a moment. */
const OWN_TOKENS = /<#C[A-Z0-9]+>|<@[UW][A-Z0-9]+>|<!subteam\^S[A-Z0-9]+>|<!date\^\d+\^[^<>|]*\|[^<>|]*>/g;
/** JSON Schema does not know the model's own test for JSON. */
const ANY_JSON = {
  anyOf: [
    ...['string', 'number', 'boolean', 'null'].map((type) => ({ type })),
    { type: 'array', items: { type: 'string' } },
    { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'string' } },
  ],
};
const SHAPES = z.toJSONSchema(ThreadMessage, {
  io: 'input',
  unrepresentable: 'any',
  override: ({ zodSchema, jsonSchema }) => {
    if (zodSchema === Json) Object.assign(jsonSchema, ANY_JSON);
  },
});

test('every card of a sample incident stays within Slack’s limits', () => {
  for (const message of wholeThread()) assertAcceptable(cardFor(message, english), message.kind);
});

test('every card stays within Slack’s limits for random content of any size', () => {
  const seed = seedOfRun();
  const random = new SeededRandom(seed);
  const kinds = new Set<string>();
  for (let round = 0; round < RANDOM_MESSAGES; round += 1) {
    const message = ThreadMessage.parse(randomValue(SHAPES, random, random.pick([3, 20, 70])));
    kinds.add(message.kind);
    const around = random.pick([{ canPostFiles: false, planFile: null }, WITH_FILES]);
    assertAcceptable(cardFor(message, english, around), `RD_SEED=${seed} round ${round}: ${message.kind}`);
  }
  assert.equal(kinds.size, 20, 'each kind of message came up');
});

/** Draws every text and every list as long as it may be. */
class LargestOf extends SeededRandom {
  override chance(): boolean {
    return true;
  }
}

for (const [letters, of] of [
  [HOSTILE, 'hostile text'],
  [INVISIBLE, 'invisible text'],
  [MARKUP, 'markup'],
] as const) {
  test(`the largest possible card of every kind stays within Slack’s limits with ${of}`, () => {
    const seed = seedOfRun();
    const random = new LargestOf(seed);
    const shapes = SHAPES.oneOf ?? SHAPES.anyOf ?? [];
    assert.equal(shapes.length, 20, 'one shape for each kind of message');
    for (const shape of shapes) {
      for (const size of LARGEST_SIZES) {
        const message = ThreadMessage.parse(randomValue(shape, random, size, SHAPES, letters));
        const what = `RD_SEED=${seed} size ${size}: ${message.kind}`;
        const card = cardFor(message, english);
        assertAcceptable(card, what);
        assertMarked(card, message, what);
      }
    }
  });
}

/** The last entry that a message tells of, in its blocks and in its text alone. */
function assertMarked(card: Card, message: ThreadMessage, what: string): void {
  if (!('record' in message || 'entry' in message)) return;
  const { sequence, hash } = message.kind === 'record' ? message.entry : message.record;
  const mark = `#${sequence} ${shortHash(hash)}`;
  assert.ok(card.text.includes(mark), `${what}: ${mark} in ${card.text}`);
  assert.ok(shownText(card).includes(mark), `${what}: ${mark}`);
}

test('the plan card for a directory with invisible characters in its name keeps its command, buttons and hash', () => {
  const [step] = incidentPlan().steps;
  assert.ok(step?.action === 'chmod');
  const path = HostPath.parse(`/${'\u200b'.repeat(300)}`);
  const plan = { ...incidentPlan(), steps: [{ ...step, path, gainingPrincipal: '\u202e'.repeat(2_000) }] };
  const card = cardFor(planMessage('proposed', plan), english);
  assertAcceptable(card, 'plan');
  assert.ok(shownText(card).includes(`chmod ${step.to} $'/${'\\xe2\\x80\\x8b'.repeat(300)}'`), shownText(card));
  assert.deepEqual(
    buttonsOf(card).map(({ actionId }) => actionId),
    ['approve_plan', 'reject_plan', 'withdraw_plan', 'use_narrower'],
  );
  assert.match(shownText(card), new RegExp(shortHash(plan.hash)));
});

const WITH_FILES = {
  canPostFiles: true,
  planFile: { name: 'plan-142-1-0123456789ab.txt', sha256: incidentPlan().hash },
};
const PATH_LENGTHS = [10, 60, 100, 110, 120, 150, 250, 500, 1_000, 1_900, 3_900, 6_900, 6_960, 7_000, 8_000, 16_000];

test('plan and execution cards stay within Slack’s limits for any number and length of paths', () => {
  for (const length of PATH_LENGTHS) {
    for (const amount of [1, 2, 4, 8, 64]) {
      const plan = planOf(amount, length);
      for (const state of PlanState.options) {
        for (const around of [{ canPostFiles: false, planFile: null }, WITH_FILES]) {
          const card = cardFor(planMessage(state, plan), english, around);
          assertAcceptable(card, `${amount} paths of ${length} characters, ${state}`);
        }
      }
      assertAcceptable(
        cardFor(executionMessage(appliedOutcome(plan), plan), english),
        `${amount} changes of ${length} characters`,
      );
    }
  }
});

test('the diagnosis card for a path of many long, blocked directories stays within Slack’s limits', () => {
  const closed = incidentDiagnosis().walk.find(({ access }) => access === 'denied');
  assert.ok(closed);
  const long = 'n'.repeat(4_000);
  const step = { ...closed, path: HostPath.parse(`/${long}`), target: long, owner: long, group: long };
  for (const amount of [1, 8, 30, 31, 4_000]) {
    const walk = Array.from({ length: amount }, () => step);
    assertAcceptable(cardFor(verdictMessage({ ...incidentDiagnosis(), walk }), english), `${amount} steps`);
  }
});

/** Steps that each let another account gain, so that no two of them are described together. */
function planOf(amount: number, pathLength: number): Plan {
  const plan = incidentPlan();
  const [step] = plan.steps;
  assert.ok(step?.action === 'chmod');
  const steps = Array.from({ length: amount }, (_, index) => ({
    ...step,
    path: HostPath.parse(`/${String(index).padStart(pathLength - 1, 'd')}`),
    gains: 'group' as const,
    from: Mode.parse('0700'),
    to: Mode.parse('0710'),
    gainingPrincipal: `group-${index}`,
  }));
  return { ...plan, steps };
}

/** Controls (but line feeds and tabs in raw output), and what turns or hides the text around it. */
const SHOWN_INVISIBLE = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\n\t]]/v;

function assertAcceptable(card: Card, what: string): void {
  const sent: unknown = JSON.parse(JSON.stringify(card.blocks));
  const parsed = parseBlocks(sent);
  assert.deepEqual(parsed.kind === 'refused' ? parsed : null, null, what);
  assert.ok(card.text.length > 0 && card.text.length <= MAX_TEXT, `${what}: text of ${card.text.length} characters`);
  assert.doesNotMatch(card.text.replace(OWN_TOKENS, ''), /[<>\n]/, what);
  assert.deepEqual(
    stringsIn(sent).filter((text) => SHOWN_INVISIBLE.test(text)),
    [],
    what,
  );
  const json = JSON.stringify(sent);
  assert.doesNotMatch(json, /"type":"(mrkdwn|markdown|link|broadcast)"/, what);
  // Only these lead to a channel: that of an incident, or the one that takes nothing.
  if (!/(?:incident-elsewhere|channel-refused)$/.test(what)) assert.doesNotMatch(json, /"type":"channel"/, what);
  // Only these name user groups: those of the config file who are called to an incident or a plan.
  if (!/(?:status|reopened|plan|call|incident-elsewhere)$/.test(what))
    assert.doesNotMatch(json, /"type":"usergroup"/, what);
  assert.ok(charactersIn(sent) <= MESSAGE_BUDGET, `${what}: ${charactersIn(sent)} characters`);
  assert.deepEqual(neighboursOfOneStyle(sent), [], what);
}

/** Runs of text side by side that look alike, and so should have been one. */
function neighboursOfOneStyle(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(neighboursOfOneStyle);
  if (!Array.isArray(value)) return inside;
  const alike = value.filter((run, index) => {
    const before = value[index - 1];
    const isText = run?.type === 'text' && before?.type === 'text' && !run.style?.code;
    return isText && JSON.stringify(run.style ?? {}) === JSON.stringify(before.style ?? {});
  });
  return [...alike, ...inside];
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
