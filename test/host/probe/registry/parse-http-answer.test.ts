import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHttpAnswer } from '../../../../src/host/probe/registry/parse-http-answer.ts';
import { known, unknown } from '../../../../src/model/fact.ts';
import type { Reason } from '../../../../src/model/reason.ts';

const URL = 'http://127.0.0.1:5000/v2/';
const LONG = 'x'.repeat(10_000);

const ANSWERS: Readonly<Record<string, readonly [raw: string, status: number, body: string]>> = {
  'an answer with a body': [
    'HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\n{"errors":[]}\ncurl 0',
    503,
    '{"errors":[]}',
  ],
  'an empty body': ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n\ncurl 0', 200, ''],
  'HTTP/2, which has no reason phrase': ['HTTP/2 401 \r\n\r\n{}\ncurl 0', 401, '{}'],
  'an answer whose body did not end in time': ['HTTP/1.1 200 OK\r\n\r\nhalf\ncurl 28', 200, 'half'],
  'an answer that was cut, and so has no ending': [`HTTP/1.1 200 OK\r\n\r\n${LONG}`, 200, LONG.slice(0, 4096)],
  'a body that looks like an ending': ['HTTP/1.1 200 OK\r\n\r\nx\ncurl 7\ncurl 0', 200, 'x\ncurl 7'],
  'headers without an end': ['HTTP/1.1 200 OK\r\nA: b', 200, ''],
  'an answer through bash': ['HTTP/1.0 200 OK\r\n\r\nok\nbash 0', 200, 'ok'],
  'a status that busybox wget calls an error': [
    'wget: server returned error: HTTP/1.1 503 Service Unavailable\n\nbusybox 1',
    503,
    '',
  ],
  'a status that busybox wget shows among the headers': ['  HTTP/1.1 200 OK\n  A: b\n\nbusybox 0', 200, ''],
};

for (const [what, [raw, status, body]] of Object.entries(ANSWERS)) {
  test(`the registry’s HTTP answer is read: ${what}`, () => {
    assert.deepEqual(parseHttpAnswer(URL, Buffer.from(raw)), known({ url: URL, status, body }));
  });
}

const SILENCES: Readonly<Record<string, readonly [raw: string, why: Reason]>> = {
  'nothing listens': ['\ncurl 7', { code: 'connection-refused' }],
  'nothing listens, asked by busybox': [
    "wget: can't connect to remote host (127.0.0.1): Connection refused\n\nbusybox 1",
    { code: 'connection-refused' },
  ],
  'it hangs': ['\ncurl 28', { code: 'no-answer', detail: '3' }],
  'another protocol': ['SSH-2.0-OpenSSH\r\n\ncurl 1', { code: 'asked-in-vain', detail: 'curl 1' }],
  'another protocol, asked by bash': ['SSH-2.0-OpenSSH\r\n\nbash 0', { code: 'not-http' }],
  'a status out of range': ['HTTP/1.1 999 Strange\r\n\r\n\ncurl 0', { code: 'not-http' }],
  'nothing at all, asked by bash': ['\nbash 0', { code: 'empty-answer' }],
  'an invalid name': ['\nbash 6', { code: 'name-unresolved' }],
  'tools that could not ask': [
    '\nunable bash unstarted, curl 127, wget 2',
    { code: 'tools-failed', detail: 'bash unstarted, curl 127, wget 2' },
  ],
  'tools that could not ask, after an answer': ['SSH\r\n\nunable curl 127', { code: 'not-http' }],
  'no tool to ask with': ['\nnone 0', { code: 'no-tool-to-ask' }],
  'nothing at all': ['', { code: 'not-http' }],
};

for (const [what, [raw, why]] of Object.entries(SILENCES)) {
  test(`the registry’s HTTP answer is reported as unknown, with the reason: ${what}`, () => {
    assert.deepEqual(parseHttpAnswer(URL, Buffer.from(raw)), unknown(why));
  });
}
