import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { systemClock } from '../../src/compose/system-clock.ts';
import type { FindingId } from '../../src/model/diagnosis/finding.ts';
import { diagnoseHost, PROBE_LIMITS } from '../../src/workflow/host/diagnose-host.ts';
import { incidentDiagnosis } from '../slack/scenario-messages.ts';
import { skipUnless } from '../support/requirements.ts';
import { assertShownSafely } from './assert-shown-safely.ts';
import { type Behaviour, drip, endWith, LIMIT_MS, pour, startHostileServer, type Taken } from './hostile-server.ts';
import { recordRealAnswer, recordsOf } from './real-answer.ts';

/**
 * A diagnosis of a host whose SSH server is the attacker's. It has to come to an end in bounded time and memory, never to a
 * verdict on the registry, and nothing that the server says may be more than text. The one answer that counts is a whole one.
 */

/** The host's limit, the grace that our side gives it, and a busy machine. */
const BOUNDED_MS = LIMIT_MS + 6_000 + 15_000;
const BOUNDED_BYTES = 4 * PROBE_LIMITS.maxOutputBytes + 8 * 1024 * 1024;
const ESCAPES = '\u001b[2J\u001b]0;owned\u0007\r\u009b31m\u202eevil\u0000';

/** What a start-up file can print of an answer: it knows the form, and not the nonce of the request. */
const OTHER_NONCE = '0'.repeat(32);

type Answer = (nonce: string) => Buffer;
type Attack = { readonly behaviour: (answer: Answer) => Behaviour; readonly finding: FindingId };

const script = (act: (taken: Taken, answer: Answer) => void) => (answer: Answer) => ({
  script: (taken: Taken) => act(taken, answer),
});
/** The answer made into another one, ended as a script that went well ends. */
const answering = (change: (records: Buffer[]) => Buffer[]) =>
  script(({ channel, nonce }, answer) => endWith(channel, Buffer.concat(change(recordsOf(answer(nonce))))));
/** The whole answer, ended otherwise. */
const ending = (end: (channel: Taken['channel']) => void) => (answer: Answer) => ({
  script: ({ channel, nonce }: Taken) => {
    channel.write(answer(nonce));
    end(channel);
    channel.end();
  },
});

/** What our side has waited for in vain before it finds this. */
const WAITED_FOR: Partial<Record<FindingId, Behaviour['waitedFor']>> = {
  'host-unreachable': 'connection',
  'probe-timed-out': 'answer',
};

const ATTACKS: Record<string, Attack> = {
  'shows another key': { behaviour: () => ({ hostKey: 'other' }), finding: 'host-key-mismatch' },
  'greets without end': {
    behaviour: () => ({ instead: (socket) => pour(socket, Buffer.from(`${ESCAPES}\r\n`.repeat(1000))) }),
    finding: 'host-unreachable',
  },
  'greets without end, in one line': {
    behaviour: () => ({ instead: (socket) => pour(socket, Buffer.alloc(65_536, 'x')) }),
    finding: 'host-unreachable',
  },
  'greets without end, slowly': {
    behaviour: () => ({ instead: (socket) => drip(socket, Buffer.from('x')) }),
    finding: 'host-unreachable',
  },
  'says nothing': { behaviour: () => ({ instead: () => {} }), finding: 'host-unreachable' },
  'sends rubbish for key exchange': {
    behaviour: () => ({ instead: (socket) => pour(socket, Buffer.from(`SSH-2.0-x\r\n${ESCAPES}`.repeat(1000))) }),
    finding: 'host-unreachable',
  },
  'never answers the login': { behaviour: () => ({ login: () => {} }), finding: 'host-unreachable' },
  'refuses the login, with escapes for a reason': {
    behaviour: () => ({ banner: ESCAPES, login: (request) => request.reject() }),
    finding: 'authentication-failed',
  },
  'never takes the command': { behaviour: () => ({ command: 'left waiting' }), finding: 'host-unreachable' },
  'never answers the command': { behaviour: script(() => {}), finding: 'probe-timed-out' },
  'prints without end': {
    behaviour: script(({ channel }) => pour(channel, Buffer.alloc(65_536, ESCAPES))),
    finding: 'probe-malformed',
  },
  'prints errors without end': {
    behaviour: script(({ channel }) => pour(channel.stderr, Buffer.alloc(65_536, ESCAPES))),
    finding: 'probe-malformed',
  },
  'prints without end, slowly': {
    behaviour: script(({ channel }) => drip(channel, Buffer.from('x'))),
    finding: 'probe-timed-out',
  },
  'sends half an answer and ends with success': {
    behaviour: answering((records) => records.slice(0, records.length / 2)),
    finding: 'probe-malformed',
  },
  'sends half a record and ends with success': {
    behaviour: answering((records) => [Buffer.concat(records).subarray(0, -40)]),
    finding: 'probe-malformed',
  },
  'sends half an answer and hangs up': {
    behaviour: script(({ channel, connection, nonce }, answer) => {
      channel.write(answer(nonce).subarray(0, 2_000), () => connection.end());
    }),
    finding: 'probe-malformed',
  },
  'closes in the middle of the answer': {
    behaviour: script(({ channel, nonce }, answer) => {
      channel.write(answer(nonce).subarray(0, 2_000), () => channel.close());
    }),
    finding: 'probe-malformed',
  },
  'gives a whole answer and no exit status': {
    behaviour: ending(() => {}),
    finding: 'probe-malformed',
  },
  'gives a whole answer and exit status 1': {
    behaviour: ending((channel) => channel.exit(1)),
    finding: 'probe-malformed',
  },
  'gives a whole answer and exit status 124': {
    behaviour: ending((channel) => channel.exit(124)),
    finding: 'probe-malformed',
  },
  'gives a whole answer and exit status 255': {
    behaviour: ending((channel) => channel.exit(255)),
    finding: 'probe-malformed',
  },
  'gives a whole answer, killed by a signal': {
    behaviour: ending((channel) => channel.exit('KILL', false)),
    finding: 'probe-malformed',
  },
  'ends with success after garbage': { behaviour: answering(() => [randomBytes(4_096)]), finding: 'probe-malformed' },
  'ends with success and says nothing': { behaviour: answering(() => []), finding: 'probe-malformed' },
  "replays another run's answer": {
    behaviour: script(({ channel }, answer) => endWith(channel, answer('0123456789abcdef0123456789abcdef'))),
    finding: 'probe-malformed',
  },
  'doubles a record': {
    behaviour: answering((records) => records.flatMap((record, index) => (index === 5 ? [record, record] : [record]))),
    finding: 'probe-malformed',
  },
  'swaps two records': {
    behaviour: answering(([first, second, third, ...rest]) => [first, third, second, ...rest].flatMap((r) => r ?? [])),
    finding: 'probe-malformed',
  },
  'answers twice': { behaviour: answering((records) => [...records, ...records]), finding: 'probe-malformed' },
  'prints what an answer looks like, in place of the guard': {
    behaviour: script(({ channel }, answer) => endWith(channel, answer(OTHER_NONCE))),
    finding: 'probe-malformed',
  },
  'begins to answer, and refuses in sudo’s words': {
    behaviour: script(({ channel, nonce }, answer) => {
      channel.write(answer(nonce).subarray(0, 100));
      channel.stderr.write('sudo: a password is required\n');
      channel.exit(1);
      channel.end();
    }),
    finding: 'probe-malformed',
  },
  'refuses in sudo’s words, with escapes': {
    behaviour: script(({ channel }) => {
      channel.stderr.write(`sudo: ${ESCAPES} a password is required\n`);
      channel.exit(1);
      channel.end();
    }),
    finding: 'sudo-refused',
  },
  'fails with escapes for a reason': {
    behaviour: script(({ channel }) => {
      channel.stderr.write(`${ESCAPES} <!channel> broken\n`);
      channel.exit(3);
      channel.end();
    }),
    finding: 'probe-malformed',
  },
};

describe('a diagnosis of a hostile SSH server', {
  concurrency: true,
  skip: skipUnless('linux', 'root', 'setpriv'),
}, () => {
  let answer: Answer;
  before(async () => {
    answer = await recordRealAnswer();
    // What is loaded and judged for the first time holds this process up, and with it every server here: before their time runs.
    assertShownSafely(incidentDiagnosis());
  });

  for (const [what, { behaviour, finding }] of Object.entries(ATTACKS)) {
    test(`the diagnosis is inconclusive if the SSH server ${what}: ${finding}`, async (t) => {
      const waitedFor = WAITED_FOR[finding];
      const server = await startHostileServer(t, { ...behaviour(answer), ...(waitedFor && { waitedFor }) });
      const startedAt = performance.now();
      const { diagnosis } = await diagnoseHost({ ...server, clock: systemClock }, server.host);
      assert.deepEqual(
        { verdict: diagnosis.verdict, findings: diagnosis.findings.map(({ id }) => id), plan: diagnosis.plan },
        { verdict: 'inconclusive', findings: [finding], plan: null },
      );
      assert.ok(performance.now() - startedAt < BOUNDED_MS);
      assert.ok(server.sent() < BOUNDED_BYTES, `${server.sent()} bytes were taken`);
      assertShownSafely(diagnosis);
    });
  }

  test('the diagnosis believes an SSH server that gives a complete answer and ends with success', async (t) => {
    const server = await startHostileServer(t, answering((records) => records)(answer));
    const { diagnosis } = await diagnoseHost({ ...server, clock: systemClock }, server.host);
    assert.equal(diagnosis.verdict, 'faulty', JSON.stringify(diagnosis.findings));
    assert.equal(diagnosis.plan?.steps.length, 1);
  });

  test('the diagnosis reads only the guard’s answer if a start-up file prints what looks like one before it', async (t) => {
    const noise = ['Welcome to git01!\n', 'sudo: a password is required\n'].map((line) => Buffer.from(line));
    const behaviour = script(({ channel, nonce }, whole) =>
      endWith(channel, Buffer.concat([...noise, whole(OTHER_NONCE), ...noise, whole(nonce)])),
    )(answer);
    const server = await startHostileServer(t, behaviour);
    const { diagnosis } = await diagnoseHost({ ...server, clock: systemClock }, server.host);
    assert.equal(diagnosis.verdict, 'faulty', JSON.stringify(diagnosis.findings));
    assert.equal(diagnosis.plan?.steps.length, 1);
  });

  test('the diagnosis shows the answer of a server that claims to be another host as that of the requested host', async (t) => {
    const named = (record: Buffer) => record.toString('latin1').replace(/^(\d+ hostname\0).*\0$/s, '$1git02\0');
    const behaviour = answering((records) => records.map((record) => Buffer.from(named(record), 'latin1')))(answer);
    const server = await startHostileServer(t, behaviour);
    const { diagnosis } = await diagnoseHost({ ...server, clock: systemClock }, server.host);
    assert.equal(diagnosis.plan?.hostname, 'git02');
    assert.deepEqual([diagnosis.host, diagnosis.plan.host], ['git01', 'git01']);
  });
});
