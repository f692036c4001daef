import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { complaintOf, pathIn } from '../../../../src/host/probe/logs/complaint-of.ts';
import { readLogLine } from '../../../../src/host/probe/logs/read-log-line.ts';
import type { LogComplaint } from '../../../../src/model/host/registry-logs.ts';

/** Lines of registries' logs, in every dialect and with every prefix that they are found with. */

const AT = Date.UTC(2026, 10, 24, 4, 3, 10) / 1000;
const TEXT = 'time="2026-11-24T04:03:10.115155374Z" level=error msg="redis: error connecting" go.version=go1.19.8';
const BARE = 'level=error msg="redis: error connecting"';
const FORK_ACCESS =
  '{"content_type":"","correlation_id":"01FQ","duration_ms":62,"host":"localhost:5000","level":"info","method":"DELETE","msg":"access","proto":"HTTP/1.1","referrer":"","remote_addr":"127.0.0.1:47498","remote_ip":"127.0.0.1","status":503,"system":"http","time":"2026-11-24T04:03:10Z","ttfb_ms":62,"uri":"/v2/a/manifests/1?redacted","user_agent":"GitLab/17","written_bytes":0}';

type Summary = string | null;

/** `access 1764… GET /v2/ 503`, or `error 1764… words [GET /v2/ 500]`; null when no dialect fits. */
function summaryOf(line: string): Summary {
  const read = readLogLine(line);
  if (read === null) return null;
  const request = (access: { method: string; path: string; status: number }) =>
    `${access.method} ${access.path} ${access.status}`;
  if (read.kind === 'access') return `access ${read.access.at} ${request(read.access)}`;
  return `${read.level} ${read.at} ${read.words}${read.access ? ` [${request(read.access)}]` : ''}`;
}

const LINES: Readonly<Record<string, readonly [line: string, summary: Summary]>> = {
  'logrus text': [TEXT, `error ${AT} redis: error connecting`],
  'logrus text with an offset': ['time="2026-11-24T12:03:10+08:00" level=warning msg=plain', `warning ${AT} plain`],
  'logrus text of a request that failed': [
    'time="2026-11-24T04:03:10Z" level=error msg="response completed with error" err.code=unknown err.detail="filesystem: mkdir /a b/\\"q\\"/\\xff\\u00e9: permission denied" err.message="unknown error" http.request.method=POST http.request.uri="/v2/x/blobs/uploads/?redacted" http.response.status=500',
    `error ${AT} response completed with error: filesystem: mkdir /a b/"q"/\\xffé: permission denied [POST /v2/x/blobs/uploads/ 500]`,
  ],
  'logrus text that is cut in a quote': [
    'time="2026-11-24T04:03:10Z" level=fatal msg="listen tcp :5000: bi',
    `fatal ${AT} listen tcp :5000: bi`,
  ],
  'logrus text without a time': [BARE, 'error null redis: error connecting'],
  'logrus text without a level': ['time="2026-11-24T04:03:10Z" msg=x', null],
  'a field twice: the first counts': ['level=fatal level=info msg=a msg=b', 'fatal null a'],
  'the JSON of distribution': [
    '{"err.code":"unknown","err.detail":"filesystem: stat /r: permission denied","err.message":"unknown error","http.request.method":"GET","http.request.uri":"/v2/_catalog","http.response.status":500,"level":"error","msg":"response completed with error","time":"2026-11-24T04:03:10.1Z"}',
    `error ${AT} response completed with error: filesystem: stat /r: permission denied [GET /v2/_catalog 500]`,
  ],
  "the JSON of GitLab's registry, with its error": [
    '{"correlation_id":"01F","error":"ping: dial tcp 10.0.0.1:5432: connect: connection refused","level":"fatal","msg":"configuring application","time":"2026-11-24T04:03:10.123Z"}',
    `fatal ${AT} configuring application: ping: dial tcp 10.0.0.1:5432: connect: connection refused`,
  ],
  "GitLab's access line": [FORK_ACCESS, `access ${AT} DELETE /v2/a/manifests/1 503`],
  'an access line of GitLab without a status': [FORK_ACCESS.replace('503', '"x"'), null],
  'JSON whose fields are of another type': ['{"level":["error"],"msg":{"a":1},"time":5}', 'info null '],
  'JSON with a prototype in it': ['{"level":"error","__proto__":{"msg":"x"},"constructor":"y"}', 'error null '],
  'JSON of something else': ['{"a":1}', null],
  'JSON that is cut': [FORK_ACCESS.slice(0, 100), null],
  'an Apache line': [
    '127.0.0.1 - - [24/Nov/2026:04:03:10 +0000] "GET /v2/?redacted HTTP/1.1" 503 125 "" "curl/7.88.1"',
    `access ${AT} GET /v2/ 503`,
  ],
  'an Apache line of another zone and over IPv6': [
    '::1 - bob [23/Nov/2026:22:33:10 -0530] "HEAD /v2/a/blobs/sha256:0 HTTP/2.0" 200 0 "-" "-"',
    `access ${AT} HEAD /v2/a/blobs/sha256:0 200`,
  ],
  'an Apache line with an invalid date': [
    '::1 - - [99/Foo/2026:04:03:10 +0000] "GET / HTTP/1.1" 200 0 "-" "-"',
    'access null GET / 200',
  ],
  'an Apache line with quotes in the client’s name': [
    '::1 - - [24/Nov/2026:04:03:10 +0000] "GET / HTTP/1.1" 404 0 "" "\\" 200 5 HTTP/1.1\\" 500 "',
    `access ${AT} GET / 404`,
  ],
  'an Apache line of a status that does not exist': [
    '::1 - - [24/Nov/2026:04:03:10 +0000] "GET / HTTP/1.1" 999 0 "" ""',
    null,
  ],
  'a panic': ['panic: StorageDriver not registered: x', 'fatal null panic: StorageDriver not registered: x'],
  'an error of the command line': [
    'configuration error: error parsing /c: x',
    'fatal null configuration error: error parsing /c: x',
  ],
  'a line of a stack': ['github.com/docker/distribution/registry.NewRegistry({0x11a4b98?', null],
  'logrus on a terminal': [
    'FATA[0000] configuring application: there are pending',
    'fatal null configuring application: there are pending',
  ],
  'svlogd -tt before text without a time': [`2026-11-24_04:03:10.11515 ${BARE}`, `error ${AT} redis: error connecting`],
  'svlogd -ttt': [`2026-11-24T04:03:10.11515 ${BARE}`, `error ${AT} redis: error connecting`],
  'svlogd -t': [`@400000006924d9580abcdef0 panic: x`, `fatal ${0x6924d958 - 10} panic: x`],
  'svlogd before an Apache line, which has its own time': [
    '2026-11-24_05:00:00.00000 127.0.0.1 - - [24/Nov/2026:04:03:10 +0000] "GET /v2/ HTTP/1.1" 503 125 "" ""',
    `access ${AT} GET /v2/ 503`,
  ],
  "svlogd before GitLab's JSON": [
    `2026-11-24_04:03:10.11515 ${FORK_ACCESS}`,
    `access ${AT} DELETE /v2/a/manifests/1 503`,
  ],
  'an invalid svlogd date': [`2026-99-99_04:03:10.11515 ${BARE}`, 'error null redis: error connecting'],
  journald: [`${AT}.123456 git01 docker-registry[4711]: ${BARE}`, `error ${AT} redis: error connecting`],
  'a message of systemd itself': [
    `${AT}.123456 git01 systemd[1]: docker-registry.service: Failed with result 'exit-code'.`,
    null,
  ],
  'docker json-file': [
    `${JSON.stringify({ log: `${BARE}\n`, stream: 'stderr', time: '2026-11-24T04:03:10.115155374Z' })}`,
    `error ${AT} redis: error connecting`,
  ],
  'docker json-file that is cut': ['{"log":"level=error msg=x', null],
  nothing: ['', null],
  'control bytes': ['\u0001\u0002\u001b[31m', null],
};

describe('one line of the registry’s log', () => {
  for (const [what, [line, summary]] of Object.entries(LINES)) {
    test(`the parser reads a line of the registry’s log: ${what}`, () => assert.equal(summaryOf(line), summary));
  }

  test('the parser cuts the text of a registry log line to one line of bounded length', () => {
    const read = readLogLine(`level=error msg="${'x\\n '.repeat(5000)}"`);
    assert.equal(read?.kind === 'message' && read.words.length, 400);
    assert.doesNotMatch(read?.kind === 'message' ? read.words : '', /\n/);
  });
});

const WORDS: readonly (readonly [words: string, complaint: LogComplaint | null, path?: string])[] = [
  ['filesystem: stat /r: permission denied', 'permission-denied', '/r'],
  ['response completed with error: filesystem: mkdir /r/docker: permission denied', 'permission-denied', '/r/docker'],
  ['storage driver health check: filesystem: stat /r: permission denied', 'permission-denied', '/r'],
  ['filesystem: mkdir /redis/database: permission denied', 'permission-denied', '/redis/database'],
  [
    'filesystem: open /r/a: bind: address already in use/x: read-only file system',
    'read-only-filesystem',
    '/r/a: bind: address already in use/x',
  ],
  ['filesystem: write /r/x: no space left on device', 'no-space', '/r/x'],
  ['filesystem: write /r/x: disk quota exceeded', 'no-space', '/r/x'],
  ['filesystem: mkdir /r/x: operation not permitted', 'not-permitted', '/r/x'],
  ['filesystem: stat /r: not a directory', 'not-a-directory', '/r'],
  ['filesystem: stat /r: too many levels of symbolic links', 'not-a-directory', '/r'],
  ['filesystem: stat /r: stale NFS file handle', 'stale-handle', '/r'],
  ['filesystem: stat /r: stale file handle', 'stale-handle', '/r'],
  ['filesystem: read /r/x: input/output error', 'io-error', '/r/x'],
  ['filesystem: mkdir /r/no space left on device/permission denied/x: file exists', null],
  ['open /etc/x.crt: permission denied', 'permission-denied', '/etc/x.crt'],
  ['storage driver health check: s3aws: AccessDenied: Access Denied', 'object-storage'],
  ['storage driver health check: something else', 'health-check-failed'],
  ['listen tcp :5000: bind: address already in use', 'port-taken'],
  ['error listening on debug interface: listen tcp :5001: bind: address already in use', 'port-taken'],
  ['token signed by untrusted key with ID: "QJLJ"', 'token-certificate'],
  ['failed to verify token: token signed by untrusted key with ID: "QJLJ"', 'token-certificate'],
  ['unable to verify certificate chain: x509: certificate signed by unknown authority', 'token-certificate'],
  [
    'panic: unable to configure authorization (token): token auth requires at least one token signing root certificate',
    'bad-config',
  ],
  [
    'panic: unable to configure authorization (token): unable to open token auth root certificate bundle file "/c": open /c: permission denied',
    'permission-denied',
    '/c',
  ],
  [
    'panic: unable to configure authorization (token): unable to read token auth root certificate bundle file "/c": read /c: is a directory',
    'is-a-directory',
    '/c',
  ],
  [
    'panic: unable to configure authorization (htpasswd): failed to open htpasswd path open /a/htpasswd: no such file or directory',
    'missing-file',
    '/a/htpasswd',
  ],
  ['panic: unable to configure authorization (foo): no access controller registered with name: foo', 'bad-config'],
  [
    'configuration error: open /etc/registry/config.yml: permission denied',
    'permission-denied',
    '/etc/registry/config.yml',
  ],
  ['configuration error: error parsing /r: read /r: is a directory', 'is-a-directory', '/r'],
  ['open /etc/tls/live/key.pem: permission denied', 'permission-denied', '/etc/tls/live/key.pem'],
  ['stat /root/x.sock: permission denied', 'permission-denied', '/root/x.sock'],
  ['listen unix /run/r/x.sock: bind: permission denied', 'permission-denied', '/run/r/x.sock'],
  ['listen unix /nope/x.sock: bind: no such file or directory', 'missing-file', '/nope/x.sock'],
  ['svlogd: pausing: unable to open current: /var/log/r: access denied', 'permission-denied', '/var/log/r'],
  ['svlogd: warning: unable to lock directory: /var/log/r: access denied', 'permission-denied', '/var/log/r'],
  ['svlogd: warning: unable to lock directory: /var/log/r: file does not exist', 'missing-file', '/var/log/r'],
  ['listen tcp 10.9.9.9:5000: bind: cannot assign requested address', 'address-unavailable'],
  [
    'error listening on debug interface: listen tcp 10.9.9.9:5001: bind: cannot assign requested address',
    'address-unavailable',
  ],
  ['listen tcp :80: bind: permission denied', 'port-not-permitted'],
  ['panic: Get "http://redacted@127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused', 'upstream'],
  ['response completed with error: Get "https://m.example/v2/": dial tcp: i/o timeout', 'upstream'],
  ['fatal error: out of memory allocating heap arena map', 'out-of-memory'],
  ['fatal error: failed to reserve page summary memory', 'out-of-memory'],
  ['fatal error: runtime: cannot allocate memory', 'out-of-memory'],
  ["response completed with error: OOM command not allowed when used memory > 'maxmemory'.", 'redis-refuses'],
  ['redis: error connecting: WRONGPASS invalid username-password pair or user is disabled.', 'redis-refuses'],
  ['panic: redis configuration required to use for layerinfo cache', 'bad-config'],
  ['panic: multiple storage drivers specified in configuration or environment: filesystem, s3', 'bad-config'],
  ['panic: no region parameter provided', 'bad-config'],
  ['listen tcp: address foo: missing port in address', 'bad-config'],
  ['listen tcp: lookup nosuchhost.invalid on 10.0.0.1:53: no such host', 'bad-config'],
  ['token not to be used before 2026-11-24 - currently 2026-11-24', 'token-time'],
  ['token not to be used after 2026-11-24 - currently 2026-11-24', 'token-time'],
  ['configuring application: there are pending database migrations, use the CLI', 'database'],
  ['configuring application: failed to initialize database connections: ping: connection refused', 'database'],
  ['could not connect to database: the database is in read-only mode (in recovery)', 'database'],
  [
    'ping: failed to connect to `host=/var/opt/gitlab/postgresql user=registry`: dial unix /x/.s.PGSQL.5432: connect: permission denied',
    'database',
  ],
  ['ERROR: permission denied for schema public (SQLSTATE 42501)', 'database'],
  [
    'registry filesystem metadata in use, please import data before enabling the database, see https://docs',
    'lock-file',
  ],
  ['registry metadata database in use, please enable the database https://docs', 'lock-file'],
  ['could not check if filesystem metadata is locked, see https://docs', 'lock-file'],
  [
    'could not check if filesystem metadata is locked, see https://docs: filesystem: stat /r/docker: permission denied',
    'permission-denied',
    '/r/docker',
  ],
  ['error connecting to redis instance 127.0.0.1:1: dial tcp 127.0.0.1:1: connect: connection refused', 'redis'],
  ['failed configuring Redis cache: dial tcp: connection refused', 'redis'],
  ['s3aws: RequestError: send request failed', 'object-storage'],
  ['gcs: googleapi: Error 403: Forbidden', 'object-storage'],
  ['configuration error: error parsing /c.yml: unsupported version: "0.9"', 'bad-config'],
  ['error authenticating user "filesystem: stat /r: permission denied": authentication failure', null],
  ['error authenticating user "x: listen: bind: address already in use', null],
  ['response completed with error: the manifest is invalid', null],
  ['listening on 127.0.0.1:5000', null],
  ['', null],
];

describe('the complaints that a registry logs', () => {
  for (const [words, complaint, path = null] of WORDS) {
    const how = complaint === null ? 'is taken for no known complaint' : `is recognized as ${complaint}`;
    test(`the registry’s log message ${how}: ${words}`, () => {
      assert.equal(complaintOf(words), complaint);
      if (path !== null) assert.equal(pathIn(words), path);
    });
  }
});
