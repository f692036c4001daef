import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseRegistryLogs } from '../../../../src/host/probe/logs/parse-registry-logs.ts';
import { unknown } from '../../../../src/model/fact.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { AWK, BUSYBOX_AWK, logsFrom, logsOfSection, sifted, siftedEnd } from '../../sift-log.ts';

/** Whole logs: what is sifted on the host and what is made of it. */

const START = Date.UTC(2026, 10, 24, 4, 0, 0) / 1000;

function time(second: number): string {
  return new Date((START + second) * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

function access(second: number, status: number, request = 'GET /v2/'): string {
  const [date = '', clock = ''] = time(second).split('T');
  const day = `${date.slice(8)}/Nov/${date.slice(0, 4)}:${clock.slice(0, 8)} +0000`;
  return `127.0.0.1 - - [${day}] "${request} HTTP/1.1" ${status} 5 "" "docker/20"\n`;
}

function said(second: number, level: string, message: string): string {
  return `time="${time(second)}" level=${level} msg="${message}" go.version=go1.19.8 instance.id=3d22892f-578b version=2.8.2\n`;
}

const GOOD = 'GET /v2/a/b/manifests/latest';
const PUSH = 'POST /v2/a/b/blobs/uploads/';

describe('the parser of the registry’s log', { skip: skipUnless('linux', 'busybox') }, () => {
  test('the registry’s log shows since when the registry fails and when its storage last worked', () => {
    const logs = logsFrom(
      [
        access(0, 503),
        access(10, 200, GOOD),
        access(20, 401),
        access(30, 200),
        access(40, 503),
        access(50, 503, PUSH),
        access(60, 503),
      ].join(''),
    );
    assert.partialDeepStrictEqual(logs, {
      from: START,
      to: START + 60,
      countByStatus: { 200: 2, 401: 1, 503: 4 },
      firstBad: { at: START },
      lastBad: { at: START + 60 },
      firstBadOfLastRun: { at: START + 40, path: '/v2/', status: 503 },
      lastGood: { at: START + 30 },
      lastGoodStorage: { at: START + 10, path: '/v2/a/b/manifests/latest' },
    });
  });

  test('the log of a healthy registry shows no failures up to now', () => {
    assert.equal(logsFrom(access(0, 503) + access(1, 200)).firstBadOfLastRun, null);
    assert.equal(logsFrom(access(0, 503) + access(1, 401)).firstBadOfLastRun, null);
  });

  test('the registry’s log is read across its rotated files', () => {
    const logs = logsFrom(access(20, 503), access(10, 503), access(0, 200, GOOD));
    assert.equal(logs.firstBadOfLastRun?.at, START + 10);
    assert.equal(logs.lastGoodStorage?.at, START);
    assert.deepEqual(
      logs.files.map(({ name }) => name),
      ['log-2', 'log-1', 'log-0'],
    );
  });

  test('a request that the registry logs twice is counted once', () => {
    const own = `time="${time(0)}" level=info msg="response completed" http.request.method=GET http.request.uri=/v2/ http.response.status=200\n`;
    assert.deepEqual(logsFrom(own + access(0, 200)).countByStatus, { 200: 1 });
    const alone = logsFrom(own);
    assert.deepEqual([alone.countByStatus, alone.lastGood?.path], [{ 200: 1 }, '/v2/']);
  });

  test('the registry’s log is counted completely however long it is, and little of it leaves the host', () => {
    const bad = Array.from({ length: 20_000 }, (_, index) => access(100 + index, 503)).join('');
    const health = Array.from({ length: 5000 }, (_, index) =>
      said(100 + index * 4, 'error', 'storage driver health check: filesystem: stat /r1: permission denied'),
    ).join('');
    const log = access(0, 200, GOOD) + bad + health;
    assert.ok(sifted(log).length < 4000);
    const logs = logsFrom(log);
    assert.deepEqual(logs.countByStatus, { 200: 1, 503: 20_000 });
    assert.equal(logs.firstBadOfLastRun?.at, START + 100);
    assert.partialDeepStrictEqual(logs.complaints, [
      { complaint: 'permission-denied', count: 5000, firstAt: START + 100, path: '/r1', sinceGoodStorage: true },
    ]);
  });

  test('from a registry’s log that alternates between success and failure, the newest lines are kept up to the limit', () => {
    const log = Array.from({ length: 20_000 }, (_, index) => access(index, index % 2 === 0 ? 200 : 500)).join('');
    const section = sifted(log, AWK, 20_000);
    assert.ok(section.length < 20_000);
    const logs = logsFrom(log);
    assert.equal(logs.firstBad?.at, START + 1);
    assert.equal(logs.firstBadOfLastRun?.at, START + 19_999);
    assert.equal(logs.lastGood?.at, START + 19_998);
  });

  test('from a registry’s log with a hundred kinds of complaints, the newest are kept', () => {
    const words = Array.from(
      { length: 200 },
      (_, index) =>
        `oh ${'abcdefghij'[index % 10]}${'klmnopqrst'[Math.floor(index / 10) % 10]}${'uv'[Math.floor(index / 100)]}`,
    );
    const log = words.map((word, index) => said(index, 'error', word)).join('');
    const lines = sifted(log)
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('l '));
    assert.equal(lines.length, 80);
    assert.ok(lines.some((line) => line.includes(words.at(-1) ?? '')));
  });

  test('the registry’s log shows whether a complaint still applies', () => {
    const log = [
      said(0, 'fatal', 'listen tcp :5000: bind: address already in use'),
      said(10, 'fatal', 'listen tcp :5000: bind: address already in use'),
      said(20, 'info', 'listening on :5000'),
      said(30, 'error', 'redis: error connecting: x'),
      access(40, 500, PUSH),
      said(40, 'error', 'filesystem: mkdir /r/docker: permission denied'),
    ];
    const before = logsFrom(log.join(''));
    assert.partialDeepStrictEqual(before.aborts, { count: 2, firstAt: START, lastAt: START + 10, sinceStart: false });
    const flags = (logs: typeof before) =>
      logs.complaints.map(({ complaint, sinceStart, sinceGoodStorage }) => [complaint, sinceStart, sinceGoodStorage]);
    assert.deepEqual(flags(before), [
      ['port-taken', false, true],
      ['redis', true, true],
      ['permission-denied', true, true],
    ]);
    assert.deepEqual(flags(logsFrom(log.join('') + access(50, 201, 'PUT /v2/a/blobs/uploads/1'))), [
      ['port-taken', false, false],
      ['redis', true, false],
      ['permission-denied', true, false],
    ]);
  });

  test('refused pushes in the registry’s log are counted, and refused reads are not', () => {
    const log = access(0, 405, PUSH) + access(1, 405, PUSH) + access(2, 405, 'GET /v2/');
    assert.partialDeepStrictEqual(logsFrom(log).complaints, [{ complaint: 'maintenance', count: 2 }]);
    assert.equal(logsFrom(log).complaints.length, 1);
  });

  test('an empty registry log is reported as known, without requests or complaints', () => {
    assert.partialDeepStrictEqual(logsFrom(''), { from: null, countByStatus: {}, complaints: [], unreadLines: 0 });
  });
});

describe('failed requests in the registry’s log', () => {
  const spoiled = (second: number, words: string, request = PUSH) => {
    const [method, uri] = request.split(' ');
    return `time="${time(second)}" level=error msg="response completed with error" err.code=unknown err.detail="${words}" http.request.method=${method} http.request.uri=${uri} http.response.status=500\n`;
  };
  const failed = (...lines: string[]) => {
    const { failedPushes, failedPulls } = logsFrom(lines.join(''));
    return [failedPushes, failedPulls].map((one) => one && `${one.count} ${one.last.at} ${one.words}`);
  };
  const upload = 'PUT /v2/a/b/blobs/uploads/1';

  const CASES: readonly (readonly [what: string, lines: readonly string[], found: readonly (string | null)[]])[] = [
    ['none', [access(0, 200, GOOD)], [null, null]],
    ['a push', [access(0, 202, PUSH), access(1, 500, upload)], [`1 ${START + 1} null`, null]],
    ['a push, and then one succeeded', [access(0, 500, PUSH), access(1, 201, upload)], [null, null]],
    ['a push, and then a pull succeeded', [access(0, 500, PUSH), access(1, 200, GOOD)], [`1 ${START} null`, null]],
    ['a pull', [access(0, 201, upload), access(1, 500, GOOD)], [null, `1 ${START + 1} null`]],
    ['a pull, and then one was redirected', [access(0, 500, GOOD), access(1, 307, GOOD)], [null, null]],
    ['a pull, and then a login succeeded', [access(0, 500, GOOD), access(1, 200)], [null, `1 ${START} null`]],
    [
      'a pull, and then one of a missing image',
      [access(0, 500, GOOD), access(1, 404, GOOD)],
      [null, `1 ${START} null`],
    ],
    [
      'a push between many successful pulls',
      [access(0, 200, GOOD), access(1, 500, PUSH), ...[2, 3, 4].map((second) => access(second, 200, GOOD))],
      [`1 ${START + 1} null`, null],
    ],
    [
      'a successful push between many successful pulls',
      [access(0, 500, PUSH), access(1, 200, GOOD), access(2, 202, PUSH), ...[3, 4, 5].map((s) => access(s, 200, GOOD))],
      [null, null],
    ],
    [
      'a push that is logged twice',
      [spoiled(0, 'filesystem: mkdir /r: file exists'), access(0, 500, PUSH)],
      [`1 ${START} response completed with error: filesystem: mkdir /r: file exists`, null],
    ],
    ['a push that its client left', [spoiled(0, 'client disconnected'), access(0, 500, PUSH)], [null, null]],
    [
      'a name that is too long for any registry',
      [access(0, 500, `GET /v2/${'u'.repeat(256)}/manifests/x`)],
      [null, null],
    ],
    ['health that failed for all', [access(0, 503, PUSH), access(1, 503, GOOD)], [null, null]],
    ['a refused push', [access(0, 405, PUSH), access(1, 401, PUSH)], [null, null]],
  ];
  for (const [what, lines, found] of CASES)
    test(`failed pushes and pulls are found in the registry’s log: ${what}`, () =>
      assert.deepEqual(failed(...lines), found));
});

/** A request for the catalog that failed at the storage, in each format of the log, by this client. */
function failedCatalog(client: string): readonly (readonly [what: string, lines: string])[] {
  const error = 'filesystem: open /r/docker/registry/v2/repositories: permission denied';
  const own = access(5, 500, 'GET /v2/_catalog').replace('docker/20', client);
  const text = `time="${time(5)}" level=error msg="response completed with error" err.detail="${error}" http.request.method=GET http.request.uri="/v2/_catalog?n=100" http.request.useragent=${client} http.response.status=500\n`;
  const json = {
    time: time(5),
    level: 'error',
    msg: 'response completed with error',
    'err.detail': error,
    'http.request.method': 'GET',
    'http.request.uri': '/v2/_catalog',
    'http.request.useragent': client,
    'http.response.status': 500,
  };
  const labkit = { time: time(5), msg: 'access', method: 'GET', uri: '/v2/_catalog', status: 500, user_agent: client };
  const docker = (log: string) => `${JSON.stringify({ log, stream: 'stderr', time: time(5) })}\n`;
  return [
    ['an access line', own],
    ['a message as text', text],
    ['a message as JSON', `${JSON.stringify(json)}\n`],
    ['an access line as JSON', `${JSON.stringify(labkit)}\n`],
    ['an access line that docker keeps', docker(own)],
    ['a message as text that docker keeps', docker(text)],
    ['a message as JSON that docker keeps', docker(`${JSON.stringify(json)}\n`)],
  ];
}

describe('requests in the registry’s log that the bot itself sent', { skip: skipUnless('linux', 'busybox') }, () => {
  const PULLED = access(0, 200, GOOD);

  for (const awk of [AWK, BUSYBOX_AWK]) {
    const read = (log: string) => logsOfSection(Buffer.concat([Buffer.from('f n log\n'), sifted(log, awk)]), START);

    for (const [what, lines] of failedCatalog('registry-doctor'))
      test(`${awk.join(' ')}: the bot’s own failed request leaves no trace: ${what}`, () =>
        assert.deepEqual({ ...read(PULLED + lines), files: [] }, { ...read(PULLED), files: [] }));

    for (const [what, lines] of failedCatalog('curl/8'))
      test(`${awk.join(' ')}: the same request of another client counts as failed: ${what}`, () =>
        assert.equal(read(PULLED + lines).firstBadOfLastRun?.at, START + 5));

    test(`${awk.join(' ')}: the bot’s own successful request ends no run of failures`, () =>
      assert.equal(
        read(access(0, 500, PUSH) + access(1, 200).replace('docker/20', 'registry-doctor')).firstBadOfLastRun?.at,
        START,
      ));

    test(`${awk.join(' ')}: a push counts whatever its client calls itself`, () =>
      assert.equal(read(access(0, 500, PUSH).replace('docker/20', 'registry-doctor')).failedPushes?.count, 1));
  }

  test('a complaint tells the method of the request that it is about', () => {
    const [, text = ''] = failedCatalog('curl/8')[1] ?? [];
    assert.deepEqual(
      logsFrom(text).complaints.map(({ complaint, method }) => [complaint, method]),
      [['permission-denied', 'GET']],
    );
  });
});

/** Paths are what people need; everything that has "hush" in it is secret. */
const PATHS_AND_SECRETS: readonly (readonly [line: string, sent: string])[] = [
  ['panic: x (htpasswd): open /srv/auth/htpasswd: permission denied', ''],
  ['level=fatal msg="open /srv/auth/htpasswd: permission denied" a=b', ''],
  ['level=fatal msg="open /tls/private_key: no such file or directory"', ''],
  ['panic: file "/run/secrets/token": open /run/secrets/token: permission denied', ''],
  [String.raw`level=fatal msg="file \"/run/secrets/token\": open /run/secrets/token: is a directory" a=b`, ''],
  ['level=fatal msg="listen unix /run/secret/token: bind: permission denied"', ''],
  ['level=error msg="filesystem: stat /srv/token=1/pwd: x?/y: not a directory"'.replace(': x?', '?'), ''],
  ['svlogd: pausing: unable to open current: /var/log/secret: access denied', ''],
  ['level=error msg="/etc/registry/htpasswd: permission denied"', ''],
  ['level=error msg="admin:$2y$05$hush.hush/hush"', 'level=error msg="admin:redacted"'],
  ['level=error msg="admin:$apr1$hush$hush x"', 'level=error msg="admin:redacted x"'],
  ['level=error msg="password: permission denied hush"', 'level=error msg="password:redacted"'],
  [
    String.raw`level=error msg="password=\"hush open /y: permission denied hush\" x"`,
    String.raw`level=error msg="password=\"redacted"`,
  ],
  ['level=error msg="secret: hush open /y: permission denied, hush"', 'level=error msg="secret:redacted"'],
  [
    'level=error msg="read /x password=hush y: permission denied"',
    'level=error msg="read /x password=redacted y: permission denied"',
  ],
  ['level=error msg="open /x?password=hush: refused"', 'level=error msg="open /x?redacted refused"'],
  [
    'level=error msg="dial redis://:hush@h/0: open /a/pwd: permission denied"',
    'level=error msg="dial redis://redacted@h/0: open /a/pwd: permission denied"',
  ],
];

describe('the path in a registry log line that also holds secrets', { skip: skipUnless('linux', 'busybox') }, () => {
  for (const [name, awk] of Object.entries({ awk: AWK, 'busybox awk': BUSYBOX_AWK })) {
    for (const [line, sent] of PATHS_AND_SECRETS) {
      test(`the path is read from a registry log line with secrets: ${name}: ${line}`, () =>
        assert.equal(/^l 2 1 (.*)$/m.exec(sifted(`${line}\n`, awk).toString())?.[1], sent || line));
    }
  }
});

describe('what the probe sends of the registry’s log', () => {
  const parse = (text: string) => parseRegistryLogs(Buffer.from(text), START);

  test('if the probe sends no log files, the registry’s log is unknown with the probe’s reason', () => {
    assert.deepEqual(
      parse('logs unknown not-permitted-at /var/log/x\n'),
      unknown({ code: 'not-permitted-at', detail: '/var/log/x' }),
    );
    assert.deepEqual(parse(''), unknown('not-told'));
  });

  test('registry log lines in an unknown format are counted as unread', () => {
    const logs = parse('junk\nf y a\nl x 1 y\nc a 999 1\nc a 200 0\nb -1\nl 1 1 nothing\n');
    assert.partialDeepStrictEqual(logs, {
      state: 'known',
      value: { unreadLines: 6, files: [{ name: 'a', cut: true }] },
    });
  });
});

/** Everything here that has "hush" in it is secret. */
const SECRETS: readonly string[] = [
  said(0, 'error', 'dial redis://:hush@redis:6379: refused'),
  said(0, 'error', 'dial postgres://registry:hu/sh@db:5432/registry: refused').replace('hu/sh', 'hush/hush'),
  said(0, 'error', 'x?_state=hush&y=hush z'),
  `time="${time(0)}" level=error msg="x" http.request.uri="/v2/?a=hush" password=hush token="hush hush"\n`,
  `time="${time(0)}" level=error msg="cannot use \\"password\\": \\"hush hush\\" here"\n`,
  `time="${time(0)}" level=error msg="secret: hush hush, and more"\n`,
  `time="${time(0)}" level=error msg="Authorization: Basic hush="\n`,
  `time="${time(0)}" level=error msg="map[Authorization:[Bearer hush.hush-hush]]"\n`,
  `time="${time(0)}" level=error msg="key eyJhbGciOi.eyJhushI6.hush"\n`
    .replace('hush"', 'eyhush"')
    .replace('eyhush', 'aGush'),
  `{"level":"error","msg":"x","password":"hush \\" hush","api_key":"hush","headers":{"X-Auth-Token":"hush"},"secretkey": "hush"}\n`,
  `{"level":"error","msg":"x","error":"SignatureDoesNotMatch: Signature=hush, Credential=hush/20260101"}\n`,
  'configuration error: error parsing: yaml: unmarshal errors: line 5: cannot unmarshal !!str `hush...` into int\n',
  access(0, 200, 'GET /v2/token?account=hush&password=hush'),
  access(0, 503, 'GET /v2/?hush'),
  `${JSON.stringify({ log: 'level=error msg="password=\\"hush hush\\"" secret=hush\n', time: time(0) })}\n`,
  `${JSON.stringify({ log: `${JSON.stringify({ level: 'error', msg: 'x', password: 'hush hush' })}\n`, time: time(0) })}\n`,
  `${'x'.repeat(4080)} level=error password=hush\n`,
  'FATA[0000] http.secret=hush is too short\n',
  "panic: password='hush'\n",
];

describe('secrets in the registry’s log', { skip: skipUnless('linux', 'busybox') }, () => {
  for (const [name, awk] of Object.entries({ awk: AWK, 'busybox awk': BUSYBOX_AWK })) {
    for (const [index, line] of SECRETS.entries()) {
      test(`a secret in the registry’s log does not leave the host: ${name}: ${index}`, () => {
        const output = sifted(line, awk).toString();
        assert.match(output, /^l 2 /m, 'the line is sent');
        assert.doesNotMatch(output, /hush/);
      });
    }

    test(`a registry log line stays readable without its secret: ${name}`, () => {
      const line = '{"level":"error","msg":"redis down","password":"hush \\" x","time":"2026-11-24T04:00:00Z"}\n';
      const section = Buffer.concat([Buffer.from('f n a\n'), sifted(line, awk)]);
      assert.partialDeepStrictEqual(parseRegistryLogs(section, START), {
        value: { complaints: [{ complaint: 'redis', lastAt: START, words: 'redis down' }], unreadLines: 0 },
      });
    });

    test(`the end of a registry log line that was cut off is not sent, since it could hold half a secret: ${name}`, () => {
      const output = siftedEnd(`hush level=error\n${said(0, 'error', 'redis')}`, awk).toString();
      assert.match(output, /^l 2 1 /m);
      assert.doesNotMatch(output, /hush/);
    });
  }
});
