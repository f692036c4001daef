import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Review } from '../../src/model/plan/decision.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import { LOCALES, localeOfTag } from '../../src/model/settings/locale.ts';
import { type Words, wordsFor } from '../../src/words/index.ts';
import { incidentPlan } from '../slack/scenario-messages.ts';
import { english } from '../support/words/english.ts';

test('a translation with a missing text or other arguments does not compile, and one with only other wording does', () => {
  const { NO_ENTRIES, ...lessCli } = english.cli;
  // @ts-expect-error A text is missing.
  const lacking: Words = { ...english, cli: lessCli };
  // @ts-expect-error The English function takes a plan.
  const other: Words = { ...english, outcome: { ...english.outcome, changesTitle: (amount: number) => `${amount}` } };
  // @ts-expect-error A name is a phrase, with the person in it as a mention.
  const flat: Words = { ...english, people: { ...english.people, actorName: () => 'x' } };
  const chinese: Words = { ...english, cli: { ...english.cli, NO_ENTRIES: '没有条目。' } };
  assert.notEqual(chinese.cli.NO_ENTRIES, NO_ENTRIES);
  assert.equal([lacking, other, flat].length, 3);
});

/** Slack refuses a card with a longer one, so these are not cut: a language has to keep to them. */
const MAX = { confirmTitle: 100, confirmText: 300, confirmButton: 30, button: 75, modal: 24 } as const;
const by = { kind: 'terminal', user: 'carol' } as const;
const REVIEWS: readonly Review[] = [
  { needed: 1, approvals: [] },
  { needed: 5, approvals: [{ by, at: '2026-11-23T14:04:30.000Z' }] },
];

for (const locale of LOCALES) {
  const { planCard, planForm, outcome } = wordsFor(locale);

  test(`the words of every button and dialog in ${locale} fit Slack’s limits`, () => {
    const plan = incidentPlan();
    const undo: Plan = { ...plan, undoes: { id: plan.id, hash: plan.hash } };
    for (const review of REVIEWS) {
      for (const one of [plan, undo, { ...undo, also: [] }]) {
        const { title, text, confirm, deny } = planCard.confirmation(one, review, MAX.confirmText);
        assertFits(title, MAX.confirmTitle);
        assertFits(text, MAX.confirmText);
        for (const label of [confirm, deny, planCard.approveLabel(one, review)]) assertFits(label, MAX.confirmButton);
        assertFits(planForm.signatureSubmit({ plan: one, review }), MAX.modal);
      }
    }
    const { REASON_FORM, SIGNATURE_FORM } = planForm;
    const { title, submit, close } = REASON_FORM;
    for (const short of [title, submit, close, SIGNATURE_FORM.title, SIGNATURE_FORM.close])
      assertFits(short, MAX.modal);
    for (const label of [planCard.REJECT, planCard.USE_NARROWER, outcome.UNDO, outcome.DIAGNOSE_AGAIN]) {
      assertFits(label, MAX.button);
    }
  });
}

function assertFits(text: string, max: number): void {
  assert.ok(text.length <= max, `“${text}” has ${text.length} characters, not at most ${max}`);
}

test('a language tag such as zh-CN stands for one of the bot’s languages or is refused', () => {
  const tags = [
    'en',
    'en-US',
    'en_GB.UTF-8',
    'zh',
    'zh-CN',
    'zh_SG.UTF-8',
    'zh-Hans',
    'zh-Hans-CN',
    'zh-TW',
    'zh-Hant',
    'nl',
    '',
  ];
  assert.deepEqual(tags.map(localeOfTag), [
    ...['en', 'en', 'en', 'zh-Hans', 'zh-Hans', 'zh-Hans', 'zh-Hans', 'zh-Hans'],
    ...[null, null, null, null],
  ]);
});
