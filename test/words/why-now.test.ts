import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Evidence,
  EvidenceId,
  type Hypothesis,
  HypothesisId,
  type TimelineEntry,
  TimelineKind,
  type WhyNow,
} from '../../src/model/diagnosis/why-now.ts';
import { HostPath } from '../../src/model/host/host-path.ts';
import { HostName } from '../../src/model/record/ids.ts';
import {
  hypothesisLine,
  LEAD_LIMIT,
  timelineLine,
  whyNowAnswer,
  whyNowLead,
  whyNowPhrases,
} from '../../src/words/en/why-now.ts';
import { evidenceClause, moment } from '../../src/words/en/why-now-evidence.ts';
import { clock } from '../../src/words/moment.ts';
import { plainText } from '../../src/words/phrase.ts';

const BOOT = Date.UTC(2026, 10, 24, 13, 40) / 1000;
const OPS = HostPath.parse('/data/vol1/ops');
const HOST = HostName.parse('git01');

function piece(id: EvidenceId, of: Partial<Evidence> = {}): Evidence {
  return { id, at: null, path: null, text: null, ...of };
}

function hypothesis(id: HypothesisId, of: Partial<Hypothesis> = {}): Hypothesis {
  return { id, standing: 'open', strength: null, evidence: [], missing: [], ...of };
}

function entry(kind: TimelineEntry['kind'], at: number, of: Partial<TimelineEntry> = {}): TimelineEntry {
  return { at, kind, path: null, text: '', source: 'journal', certainty: 'recorded', ...of };
}

function story(hypotheses: Hypothesis[], of: Partial<WhyNow> = {}): WhyNow {
  return { timeline: [entry('boot', BOOT)], hypotheses, doubts: [], ...of };
}

const shown = (phrase: ReturnType<typeof whyNowLead>) =>
  phrase.map((run) => (run.kind === 'time' ? clock(run) : plainText([run]))).join('');

const MODE = hypothesis('mode-changed', {
  ...{ standing: 'supported', strength: 'strong' },
  evidence: [piece('attributes-changed-after-boot', { at: BOOT + 60, path: OPS })],
  missing: [piece('who-changed-it')],
});

describe('the short answer to “why now”', () => {
  test('the short answer to “why now” names the likely cause, the evidence, what is unknown and what is ruled out', () => {
    const lead = whyNowLead(
      story([
        MODE,
        hypothesis('container-kept-mounts', { standing: 'refuted', evidence: [piece('same-mount-namespace')] }),
      ]),
    );
    assert.equal(
      shown(lead),
      'Likely cause: /data/vol1/ops had its mode, owner or ACL changed at 2026-11-24 13:41 UTC, 1 minute after the boot. Unknown: who changed it, and how (nothing in the logs). Ruled out: the registry’s container holding on to old mounts.',
    );
  });

  test('the short answer to “why now” calls a cause with weak evidence possible, not likely', () => {
    const lead = shown(whyNowLead(story([{ ...MODE, strength: 'weak' }])));
    assert.match(lead, /^Possible cause: \/data\/vol1\/ops had its mode/);
    assert.doesNotMatch(lead, /likely/i);
  });

  test('the short answer to “why now” says that the cause is unknown and which missing information would decide', () => {
    const lead = shown(whyNowLead(story([hypothesis('late-or-failed-mount', { missing: [piece('fstab')] })])));
    assert.equal(lead, 'Cause: unknown. Nothing on the host points to one. Unknown: what fstab says.');
  });

  test('the short answer to “why now” notes that the host’s clock is wrong', () => {
    const lead = shown(whyNowLead(story([MODE], { doubts: [piece('clock-ahead', { text: '-3900' })] })));
    assert.match(lead, /Note on clocks: the host’s clock is 3,900 s behind\./);
  });

  test('the short answer to “why now” fits on a card, whatever the directory is named', () => {
    const path = HostPath.parse(`/${'ä'.repeat(8_000)}/\u202e<!channel>`);
    const text = '\u200b'.repeat(300);
    const evidence = [
      piece('mount-not-in-fstab', { at: 1e15, path, text }),
      piece('mode-command', { at: 1e15, path, text }),
    ];
    const all = HypothesisId.options.map((id) =>
      hypothesis(id, { standing: 'supported', strength: 'weak', evidence, missing: evidence }),
    );
    const lead = plainText(whyNowLead(story(all, { doubts: evidence })));
    assert.ok(lead.length <= LEAD_LIMIT, String(lead.length));
    assert.ok(!/[\u202e\u200b]/.test(lead));
  });
});

test('the answer to “why now” on a card is the cause and one unknown about it', () => {
  const missing = [piece('who-changed-it'), piece('boot-time')];
  assert.equal(
    shown(whyNowAnswer(story([{ ...MODE, missing }]))),
    'Likely cause: /data/vol1/ops had its mode, owner or ACL changed at 2026-11-24 13:41 UTC, 1 minute after the boot. Unknown: who changed it, and how (nothing in the logs).',
  );
});

test('the answer to “why now” lists ruled-out causes as noun phrases, so none reads like a claim', () => {
  const refuted = HypothesisId.options.map((id) => hypothesis(id, { standing: 'refuted' }));
  const lead = shown(whyNowLead(story(refuted.slice(6, 9))));
  assert.match(
    lead,
    / Ruled out: a security module that now denies access, an earlier change of config or package that took effect at the restart and a boot job that resets the mode or owner\.$/,
  );
});

describe('the full answer to “why now”', () => {
  test('the full answer to “why now” has a line for each event and each possible cause', () => {
    const whyNow = story([MODE, hypothesis('device-renamed')], { doubts: [piece('clock-ahead', { text: '90' })] });
    const lines = whyNowPhrases(whyNow, HOST).flat().map(shown);
    assert.equal(lines.length, 1 + 1 + 1 + 1 + 2);
    assert.ok(lines.includes('2026-11-24 13:40 UTC host booted [journal]'));
    assert.match(
      lines.at(-2) ?? '',
      /^Likely: a change of mode, owner or ACL of \/data\/vol1\/ops \(.*1 minute after the boot\)\. Unknown: who/,
    );
    assert.equal(lines.at(-1), 'Undetermined: a new device name of the disk since the boot.');
  });

  test('the full answer to “why now” says how certain each time is, and marks quoted log lines as quotes', () => {
    const line = timelineLine(entry('inode-changed', BOOT + 60, { path: OPS, source: 'stat', certainty: 'at-latest' }));
    assert.equal(
      shown(line),
      '2026-11-24 13:41 UTC (no later than that) changed (mode, owner, links or contents): /data/vol1/ops [stat]',
    );
    const command = timelineLine(
      entry('mode-command', BOOT, { path: OPS, text: 'sudo, by *alice*: /bin/chmod\u0007' }),
    );
    assert.ok(command.some((run) => run.kind === 'code' && run.text === 'sudo, by *alice*: /bin/chmod\\x07'));
  });
});

test('every event, possible cause and piece of evidence for “why now” has words, and none claims a cause', () => {
  const evidence = { at: BOOT, path: OPS, text: 'the log’s words' };
  const texts = [
    ...TimelineKind.options.map((kind) => plainText(timelineLine(entry(kind, BOOT)))),
    ...EvidenceId.options.flatMap((id) => [
      plainText(evidenceClause(piece(id, evidence), BOOT)),
      plainText(evidenceClause(piece(id), null)),
    ]),
    ...HypothesisId.options.map((id) => plainText(hypothesisLine(hypothesis(id), story([])))),
  ];
  for (const text of texts) {
    assert.ok(text.length > 3, text);
    assert.doesNotMatch(text, /\bbecause\b|undefined|null|NaN|\bproves?\b/i);
  }
  assert.equal(new Set(texts).size > 100, true);
});

test('a time that no clock can show is called impossible in the answer to “why now”', () => {
  assert.deepEqual(moment(1e15), { kind: 'text', text: 'a time that cannot be' });
});
