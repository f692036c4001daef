import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marked, type Token } from 'marked';
import { Alert } from '../../../src/model/record/alert.ts';
import type { IncidentRecord } from '../../../src/model/record/record.ts';
import { incidentBlocks } from '../../../src/telling/markdown/incident-blocks.ts';
import type { Words } from '../../../src/words/index.ts';
import { visiblePath } from '../../../src/words/visible-text.ts';
import { english } from '../../support/words/english.ts';
import { HOSTILE_NAMES, hostileDiagnosis, incidentDiagnosis } from '../sample-diagnoses.ts';
import { incidentRecord, toldIncident } from '../sample-incident.ts';

const RECORD = incidentRecord(incidentDiagnosis, 'looks right');

/** What people read of the document. */
function incidentMarkdown(record: IncidentRecord, words: Words): string {
  return incidentBlocks(toldIncident(record), words, null).join('\n\n');
}

/** Every token of a document, as a Markdown reader (with GFM) sees it. */
function tokensOf(markdown: string): readonly Token[] {
  const tokens: Token[] = [];
  marked.walkTokens(marked.lexer(markdown), (token) => {
    tokens.push(token);
  });
  return tokens;
}

function headings(markdown: string): readonly string[] {
  return tokensOf(markdown).flatMap((token) => (token.type === 'heading' ? [`${token.depth} ${token.text}`] : []));
}

function tables(markdown: string): readonly { header: readonly string[]; rows: readonly (readonly string[])[] }[] {
  return tokensOf(markdown).flatMap((token) => {
    if (token.type !== 'table') return [];
    const texts = (cells: readonly { text: string }[]) => cells.map(({ text }) => text);
    return [{ header: texts(token.header), rows: token.rows.map(texts) }];
  });
}

test('audit export writes an incident in four parts: plan, review, execution, record', () => {
  assert.deepEqual(headings(incidentMarkdown(RECORD, english)), [
    '1 Incident 142: git01',
    '2 1. Plan',
    '3 git01: the registry can’t reach its storage (503)',
    '3 Plan 142-1',
    '2 2. Review',
    '2 3. Execution',
    '2 4. Record',
  ]);
});

test('audit export writes the plan with its commands, complete hash and who gains access', () => {
  const text = incidentMarkdown(RECORD, english);
  const commands = tokensOf(text).flatMap((token) => (token.type === 'code' ? [token.text] : []));
  assert.deepEqual(commands, [
    '/data/vol1/ops         0750  root:ops\n/data/vol1/ops/disk4t  0700  root:root',
    'chmod 0751 /data/vol1/ops  # was 0750\nchmod 0701 /data/vol1/ops/disk4t  # was 0700',
  ]);
  assert.ok(text.includes(RECORD.plans[0]?.plan.hash ?? assert.fail()));
  assert.match(text, /\*\*Who gains access:\*\*/);
});

test('audit export writes who decided, when and why, in UTC', () => {
  assert.match(
    incidentMarkdown(RECORD, english),
    /Plan 142-1 \(`[0-9a-f]{4}…`\): approved by `UBOB` in Slack, 2026-11-23 14:02:20 UTC: looks right\./,
  );
});

test('audit export writes the permissions before and after the execution, and the registry’s answer afterwards', () => {
  const text = incidentMarkdown(RECORD, english);
  const [, steps] = tables(text);
  assert.deepEqual(steps, {
    header: ['path', 'before', 'after'],
    rows: [
      ['`/data/vol1/ops`', '`0750`', '`0751`'],
      ['`/data/vol1/ops/disk4t`', '`0700`', '`0701`'],
    ],
  });
  assert.match(text, /git01 is healthy again/);
});

test('audit export works from the record only, without Slack’s messages', () => {
  const told = incidentMarkdown(RECORD, english);
  const untold = incidentMarkdown({ ...RECORD, messages: [] }, english);
  const withoutDeliveries = (text: string) => text.replace(/^In Slack: .*$/m, '');
  assert.equal(withoutDeliveries(untold), withoutDeliveries(told));
});

test('audit export writes every audit entry with its complete hash, and the text of the thread', () => {
  const text = incidentMarkdown(RECORD, english);
  const entries = tables(text).at(-1)?.rows ?? [];
  assert.equal(entries.length, RECORD.entries.length);
  for (const [index, entry] of RECORD.entries.entries()) {
    assert.equal(entries[index]?.[0], String(entry.sequence));
    assert.equal(entries[index]?.at(-1), `\`${entry.hash}\``);
  }
  assert.match(text, /1 message delivered, 0 on the way, 1 message that Slack would not take/);
});

test('audit export of an incident without a result says so in each part', () => {
  const empty: IncidentRecord = {
    ...RECORD,
    diagnoses: [],
    plans: [],
    verifications: [],
    entries: [],
    messages: [],
  };
  const text = incidentMarkdown({ ...empty, incident: { ...empty.incident, closedAt: null } }, english);
  assert.equal(headings(text).length, 5);
  for (const said of ['Still open', 'No diagnosis', 'No plan', 'nothing to decide', 'Nothing was run', 'no entries']) {
    assert.ok(text.includes(said), said);
  }
});

test('audit export says how a plan without a decision ended', () => {
  const plans = RECORD.plans.map((plan) => ({ ...plan, state: 'expired' as const, decisions: [], execution: null }));
  const text = incidentMarkdown({ ...RECORD, plans }, english);
  assert.match(text, /no one decided on it; it expired\./);
});

/** What must not come out of a name: anything that is not ours. */
const FOREIGN = ['link', 'image', 'html', 'del', 'em', 'list', 'blockquote', 'hr', 'br'];

const HOSTILE_REASONS = [
  ...HOSTILE_NAMES,
  '1. a list',
  '- a list',
  '# a heading',
  '> a quote',
  'http://evil.example www.evil.example me@evil.example',
  '```\ncode',
  '<!-- hidden',
  '&lt;b&gt;',
  '~~gone~~ _a_ *b*',
];

for (const name of HOSTILE_REASONS) {
  test(`audit export writes a name or a reason literally: ${JSON.stringify(name)}`, () => {
    const directory = name.replaceAll('/', '⁄');
    const text = incidentMarkdown(incidentRecord(hostileDiagnosis(directory), name), english);
    const tokens = tokensOf(text);
    assert.deepEqual(
      tokens.filter(({ type }) => FOREIGN.includes(type)).map(({ raw }) => raw),
      [],
    );
    assert.equal(headings(text).length, 7);
    assert.equal(tables(text).length, 3);
    for (const { header, rows } of tables(text)) for (const row of rows) assert.equal(row.length, header.length);
    const spans = new Set(tokens.flatMap((token) => (token.type === 'codespan' ? [token.text] : [])));
    const path = hostileDiagnosis(directory).plan?.steps[0]?.path ?? assert.fail();
    assert.ok(spans.has(visiblePath(path)), `${visiblePath(path)} is not among ${[...spans].join(' ¦ ')}`);
  });
}

test('the export lists the alerts that joined the incident, in their senders’ escaped words', () => {
  const alert = Alert.parse({
    source: 'prometheus',
    summary: 'probe of git01 | fails',
    link: null,
    fingerprint: 'a1',
    status: 'firing',
    labels: {},
    startsAt: '2026-11-23T14:01:30.000Z',
    hostLabel: null,
  });
  const exported = incidentMarkdown({ ...RECORD, alerts: [{ id: 1, receivedAt: '', alert }] }, english);
  const [table] = tables(exported);
  assert.deepEqual(table?.rows, [['2026-11-23 14:01:30 UTC', 'Firing', '`prometheus`', '“probe of git01 | fails”']]);
});

test('the export says how long the registry was down, and what took how long, as the last end has it on record', () => {
  const numbers = {
    downSince: '2026-11-23T14:02:05.000Z',
    downMs: 250_000,
    noticedAfterMs: 5_000,
    countedFrom: '2026-11-23T14:02:10.000Z',
    verdictAfterMs: 400,
    recoveredAfterMs: 245_000,
  };
  const entries = RECORD.entries.map((entry) =>
    entry.act === 'verified' ? { ...entry, outcome: { ...entry.outcome, numbers } } : entry,
  );
  assert.match(
    incidentMarkdown({ ...RECORD, entries }, english),
    /The registry was down for 4 minutes: its first failed check was 2026-11-23 14:02:05 UTC\. It was noticed 5\\?\.0 s after that check\. Counted from 2026-11-23 14:02:10 UTC: verdict after 0\.4 s, recovery after 4 minutes\./,
  );
  assert.doesNotMatch(incidentMarkdown(RECORD, english), /was down for/);
});
