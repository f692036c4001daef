import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import type { Finding } from '../../src/model/diagnosis/finding.ts';
import { findingWords } from '../../src/words/en/findings.ts';
import { plainText } from '../../src/words/phrase.ts';
import { factsOf } from '../support/facts/facts-builder.ts';

const AROUND = judgeFacts(factsOf());
const SAID = { words: 'listen tcp :5000: bind: address already in use', at: 1_760_000_000 };

function wordsOf(finding: Finding) {
  const { title, because, remedy } = findingWords(finding, AROUND);
  return { title: plainText(title), because: plainText(because), remedy: plainText(remedy) };
}

const AT_5000 = { address: ':5000', key: 'http.addr', line: 6, variable: null } as const;
const base = { severity: 'fault', proof: 'evaluated', path: null } as const;

test('the finding about a taken port says by which process, quotes the registry and shows how to check', () => {
  const words = wordsOf({ ...base, ...AT_5000, id: 'port-taken', port: 5000, pid: 99, command: 'nginx', said: SAID });
  assert.equal(words.title, 'Another process is using port 5000, which the registry needs');
  assert.equal(
    words.because,
    'The registry can’t listen there. nginx (pid 99) listens there. It said at 2025-10-09T08:53:20.000Z: listen tcp :5000: bind: address already in use.',
  );
  assert.match(words.remedy, /ss -ltnp 'sport = :5000'/);
});

test('the finding about a registry that keeps restarting names its cause if known, otherwise the last log lines', () => {
  const loop = {
    ...base,
    id: 'restart-loop',
    manager: 'runit',
    restarts: null,
    lastWords: SAID,
    complaint: null,
  } as const;
  assert.match(wordsOf(loop).because, /^It is started again each time by runit\. Its last log line at .*in use\.$/);
  assert.match(wordsOf(loop).remedy, /^Fix the error in its last log line\./);
  assert.match(wordsOf({ ...loop, severity: 'info' }).remedy, /^Caused by the problem above/);
  assert.match(wordsOf({ ...loop, lastWords: null }).remedy, /^Read the end of its log/);
});

test('the finding about a registry that is down says what its service manager did and what to do first', () => {
  const down = {
    ...base,
    id: 'service-not-running',
    serviceUser: null,
    state: 'failed',
    lastWords: null,
    complaint: null,
  } as const;
  assert.match(wordsOf(down).because, /The service manager has given up on it \(failed\)\.$/);
  assert.match(wordsOf(down).remedy, /^Start it/);
  assert.match(wordsOf({ ...down, lastWords: SAID }).remedy, /^Fix the error in its last log line\..* Start it/);
});

test('the finding about a wrong clock says how far it is ahead or behind, and blames no machine', () => {
  const skew = { ...base, id: 'clock-skew', aheadSeconds: 7200, synchronised: false, said: null } as const;
  assert.match(
    wordsOf(skew).because,
    /^It is at least 2 hours ahead of the clock.*I can’t tell from git01 which of the two is wrong/,
  );
  assert.match(wordsOf(skew).because, /Nothing synchronizes that clock/);
  assert.match(wordsOf({ ...skew, aheadSeconds: -90 }).because, /^It is at least 1 minute behind/);
  assert.match(wordsOf({ ...skew, aheadSeconds: null, said: SAID }).because, /come from the future by this clock\./);
});

test('the finding about token errors that only the log mentions says that they are no proof', () => {
  const mismatch = {
    ...base,
    id: 'token-certificate-mismatch',
    certificatePath: '/r.crt',
    signingKeyPath: null,
    said: SAID,
  } as const;
  assert.match(wordsOf(mismatch).because, /anyone can send such a token\.$/);
  assert.match(wordsOf(mismatch).remedy, /^If logins fail, compare/);
  assert.match(wordsOf({ ...mismatch, signingKeyPath: '/g.key' }).because, /\/r\.crt and \/g\.key differ/);
});
