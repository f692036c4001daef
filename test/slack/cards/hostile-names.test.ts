import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import type { ThreadMessage } from '../../../src/model/record/messages/thread-message.ts';
import { parseBlocks } from '../../../src/playground/slack/blocks/parse-blocks.ts';
import { sealPlan } from '../../../src/record/plan-seal.ts';
import { cardFor } from '../../../src/slack/cards/card-for.ts';
import type { Card } from '../../../src/slack/cards/parts/card.ts';
import { dir, factsOf } from '../../support/facts/facts-builder.ts';
import { english } from '../../support/words/english.ts';
import { shownText } from '../card-text.ts';
import {
  appliedOutcome,
  executionMessage,
  incidentDiagnosis,
  incidentPlan,
  planMessage,
  staleOutcome,
  verdictMessage,
} from '../scenario-messages.ts';

/** The name of a closed directory, and how it has to be seen. */
const NAMES: readonly (readonly [name: string, seen: string])[] = [
  ['with space', 'with space'],
  [`it's "quoted"`, `it's "quoted"`],
  ['$(reboot)', '$(reboot)'],
  ['`id`', '`id`'],
  ['two\nlines', 'two\\x0alines'],
  ['-rf', '-rf'],
  ['<!channel>', '<!channel>'],
  ['<@U0BOB>', '<@U0BOB>'],
  ['<mailto:a@evil.example|here>', '<mailto:a@evil.example|here>'],
  ['&lt;!channel&gt;', '&lt;!channel&gt;'],
  ['*bold*_it_~no~', '*bold*_it_~no~'],
  ['\\xff', '\\xff'],
  ['rtl\u202egnp.exe', 'rtl\\xe2\\x80\\xaegnp.exe'],
];

for (const [name, seen] of NAMES) {
  test(`every card shows a directory named ${JSON.stringify(name)} literally, so it has no other effect`, () => {
    const messages = messagesAbout(name);
    for (const message of messages) assertHarmless(cardFor(message, english), message.kind);
    const [verdict] = messages;
    assert.ok(verdict && shownText(cardFor(verdict, english)).includes(`/srv/${seen}`));
  });
}

test('users and groups of a host that are named like Slack markup mention no one on a card', () => {
  const diagnosis = incidentDiagnosis();
  const walk = diagnosis.walk.map((step) => ({ ...step, owner: '<!here>', group: '<@U0EVE>' }));
  const findings = diagnosis.findings.map((finding) =>
    finding.id === 'untraversable-ancestor' ? { ...finding, owner: '<!here>', group: '<@U0EVE>' } : finding,
  );
  assertHarmless(cardFor(verdictMessage({ ...diagnosis, walk, findings }), english), 'verdict');
});

function messagesAbout(name: string): readonly ThreadMessage[] {
  const closed = `/srv/${name}`;
  const facts = factsOf({
    nodes: [dir('/srv'), dir(closed, '0700'), dir(`${closed}/registry`, '0770', 'registry:registry')],
    storageRoot: `${closed}/registry`,
    closed: [closed],
  });
  const diagnosis = { ...judgeFacts(facts), durationMs: 1 };
  assert.ok(diagnosis.plan);
  const { id, incidentId, requestedBy } = incidentPlan();
  const plan = sealPlan(diagnosis.plan, {
    id,
    incidentId,
    requestedBy,
    now: new Date(0),
    ttlMinutes: 15,
    nonce: 'f'.repeat(32),
    requesterSalt: 'e'.repeat(32),
  });
  return [
    verdictMessage(diagnosis),
    planMessage('proposed', plan),
    planMessage('applied', plan),
    executionMessage(appliedOutcome(plan), plan),
    executionMessage(staleOutcome(plan), plan),
  ];
}

/** When the plan was approved, as we write a moment. */
const OWN_MOMENT = /<!date\^\d+\^\{time\}\|[\d:]+ UTC>/g;

/** Accepted by Slack, and with no one mentioned but those who took part. */
function assertHarmless(card: Card, what: string): void {
  const json = JSON.stringify(card.blocks);
  assert.equal(parseBlocks(JSON.parse(json)).kind, 'blocks', what);
  assert.doesNotMatch(json, /"type":"(mrkdwn|markdown|link|broadcast|usergroup|channel)"/, what);
  const mentioned = [...json.matchAll(/"user_id":"(\w+)"/g)].map(([, user]) => user);
  assert.deepEqual(
    mentioned.filter((user) => user !== 'U0BOB'),
    [],
    what,
  );
  assert.doesNotMatch(card.text.replace(OWN_MOMENT, ''), /<[^@]|<@(?!U0BOB>)/, what);
  assert.doesNotMatch(card.text, /\n|\u202e/, what);
}
