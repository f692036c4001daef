import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { absent, type Fact, unknown } from '../../../../src/model/fact.ts';
import type { RequestMinute } from '../../../../src/model/host/registry-logs.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { logsOfSection, sectionOfLogs, sifted } from '../../sift-log.ts';

/** How many requests of each recent minute failed: counted on the host, in every format of the log. */

const NOW = Date.UTC(2026, 10, 24, 4, 14, 30) / 1000;
const AWKS = [['mawk'], ['gawk', '--posix'], ['original-awk'], ['busybox', 'awk']].filter(
  ([program = '', ...args]) => spawnSync(program, [...args, 'BEGIN {}']).error === undefined,
);

const access = (time: string, status: number, request = 'GET /v2/a/manifests/b') =>
  `::1 - - [24/Nov/2026:${time}] "${request} HTTP/1.1" ${status} 5 "" "docker"\n`;
const labkit = (time: string, status: number, more: Record<string, string> = {}) => {
  const fields = { correlation_id: '1', method: 'GET', msg: 'access', ...more, status, time, uri: '/v2/a/manifests/b' };
  return `${JSON.stringify({ ...fields, user_agent: 'docker' })}\n`;
};
const logrus = (time: string, status: number, words = 'response completed') =>
  `time="2026-11-24T${time}" level=${status < 400 ? 'info' : 'error'} msg="${words}" http.request.method=GET http.request.uri="/v2/a/manifests/b" http.response.status=${status}\n`;
const docker = (log: string, time: string) => `${JSON.stringify({ log, stream: 'stdout', time })}\n`;

/** `04:05 1/3` for each minute: one of three requests failed. */
function lined(minutes: Fact<RequestMinute[]>): string {
  if (minutes.state !== 'known') return minutes.state === 'absent' ? 'absent' : minutes.why.code;
  return minutes.value
    .map(({ at, requests, failed }) => `${new Date(at * 1000).toISOString().slice(11, 16)} ${failed}/${requests}`)
    .join(', ');
}

const MARK = '2099-01-01T00:00:00Z';
const ROWS: readonly (readonly [what: string, log: string, minutes: string])[] = [
  [
    'an access log',
    access('04:05:01 +0000', 200) + access('04:05:59 +0000', 500) + access('04:06:00 +0000', 503),
    '04:05 1/2, 04:06 1/1',
  ],
  [
    'an access log of an Omnibus GitLab',
    `2026-11-24_04:05:01.12345 ${labkit('2026-11-24T04:05:01.123Z', 200)}2026-11-24_04:05:02.12345 ${labkit('2026-11-24T04:05:02Z', 502)}`,
    '04:05 1/2',
  ],
  ['the registry’s own lines alone', logrus('04:05:01.115155374Z', 200) + logrus('04:05:02Z', 500), '04:05 1/2'],
  [
    'both kinds of lines',
    logrus('04:05:01Z', 200) + access('04:05:01 +0000', 200) + logrus('04:05:02Z', 500) + access('04:05:02 +0000', 500),
    '04:05 1/2',
  ],
  [
    'Docker’s wrapped text',
    docker(logrus('04:05:01Z', 200), '2026-11-24T04:05:01.5Z') +
      docker(logrus('04:05:02Z', 500), '2026-11-24T04:05:02.5Z'),
    '04:05 1/2',
  ],
  ['Docker’s wrapped access log', docker(access('04:05:01 +0000', 500), '2026-11-24T04:05:01.5Z'), '04:05 1/1'],
  [
    'times in other zones',
    access('09:35:01 +0530', 500) + access('03:05:02 -0100', 200) + labkit('2026-11-23T22:05:03-06:00', 200),
    '04:05 1/3',
  ],
  [
    'requests that the client spoiled',
    logrus('04:05:01Z', 500, 'client disconnected during blob PATCH') +
      access('04:05:01 +0000', 500) +
      access('04:05:02 +0000', 500),
    '04:05 1/2',
  ],
  [
    'requests for no repository',
    access('04:05:01 +0000', 503, 'GET /v2/') +
      access('04:05:01 +0000', 503, 'GET /v2/?a=b') +
      access('04:05:01 +0000', 503, 'GET /v2/_catalog?n=1') +
      access('04:05:01 +0000', 503, 'GET /'),
    'absent',
  ],
  ['GitLab’s own requests', access('04:05:01 +0000', 500, 'GET /gitlab/v1/repositories/a/'), '04:05 1/1'],
  [
    'names that are too long for any registry',
    access('04:05:01 +0000', 500, `GET /v2/${'a'.repeat(256)}/manifests/b`) +
      access('04:05:02 +0000', 500, `GET /v2/${'a'.repeat(255)}/manifests/b`),
    '04:05 1/1',
  ],
  ['only older requests', access('03:59:59 +0000', 500), 'absent'],
  ['requests in the future', access('04:16:00 +0000', 500) + access('04:05:01 +0000', 200), '04:05 0/1'],
  [
    'an older and a newer minute at the limit',
    access('03:59:59 +0000', 500) + access('04:00:00 +0000', 500) + access('04:15:00 +0000', 200),
    '04:00 1/1, 04:15 0/1',
  ],
  ['requests without a time', '"GET /v2/a/manifests/b HTTP/1.1" 500 5\n', 'not-understood'],
  [
    'requests with an impossible time',
    access('99:99:99 +0000', 500) + access('04:05:01 +9999', 500).replace('24/Nov', '24/Xyz'),
    'not-understood',
  ],
  [
    'one request with a time and one without',
    `${access('04:05:01 +0000', 500)}"GET /v2/a/manifests/b HTTP/1.1" 500 5\n`,
    '04:05 1/1',
  ],
  [
    'only failures, at a log level above info',
    logrus('04:05:01Z', 500) + logrus('04:05:02Z', 404),
    'only-failures-logged',
  ],
  ['a cut last line', access('04:05:01 +0000', 500) + access('04:05:02 +0000', 500).slice(0, 60), '04:05 1/1'],
  [
    'a status with too many digits',
    access('04:05:01 +0000', 500) + access('04:05:02 +0000', 50_000_000_000),
    '04:05 1/1',
  ],
  [
    'a time with too many digits',
    access('04:05:01 +0000', 200) + labkit('20260000000000-11-24T04:05:01Z', 500),
    '04:05 0/1',
  ],
  [
    'a referrer that gives another time',
    labkit('2026-11-24T04:05:01Z', 500, { referrer: `x","time":"${MARK}` }),
    '04:05 1/1',
  ],
  [
    'a user agent that gives another time',
    logrus('04:05:01Z', 200).replace('msg=', `http.request.useragent="time=\\"${MARK}\\"" msg=`),
    '04:05 0/1',
  ],
  [
    'an address that gives another time',
    access('04:05:01 +0000', 500, 'GET /v2/a/manifests/[01/Jan/2099:00:00:00'),
    '04:05 1/1',
  ],
  ['no requests', 'level=error msg="redis down"\n', 'absent'],
];

for (const awk of AWKS) {
  const minutesOf = (log: string) =>
    logsOfSection(Buffer.concat([Buffer.from('f n a\n'), sifted(log, awk)]), NOW).requestMinutes;

  describe(`the failed requests of each minute, by ${awk.join(' ')}`, { skip: skipUnless('linux') }, () => {
    for (const [what, log, minutes] of ROWS) {
      test(`the failed requests of each minute are counted in a registry’s log: ${what}`, () =>
        assert.equal(lined(minutesOf(log)), minutes));
    }

    test('the first failed request of a minute is told, without its query', () => {
      const log = [200, 500, 503].map((status, index) =>
        access(`04:05:0${index} +0000`, status, `PUT /v2/a/manifests/v${index}?token=hush`),
      );
      const minutes = minutesOf(log.join(''));
      assert.deepEqual(minutes.state === 'known' && minutes.value[0]?.firstFailed, {
        at: Date.UTC(2026, 10, 24, 4, 5, 1) / 1000,
        method: 'PUT',
        path: '/v2/a/manifests/v1',
        status: 500,
      });
      assert.doesNotMatch(sifted(log.join(''), awk).toString(), /hush/);
    });

    test('the first failed request of a minute is told also where lines of two formats tell of it', () => {
      const [one, other] = [labkit('2026-11-24T04:05:10Z', 500), access('04:05:40 +0000', 500)];
      for (const log of [one + other, other + one]) {
        const minutes = minutesOf(log);
        assert.equal(lined(minutes), '04:05 2/2');
        const first = minutes.state === 'known' ? minutes.value[0]?.firstFailed?.at : null;
        assert.equal(first, Date.UTC(2026, 10, 24, 4, 5, 10) / 1000);
      }
    });

    test('a failed request whose line is too long is counted and not told', () => {
      const minutes = minutesOf(access('04:05:01 +0000', 500).replace('docker', 'd'.repeat(2000)));
      assert.equal(lined(minutes), '04:05 1/1');
      assert.equal(minutes.state === 'known' && minutes.value[0]?.firstFailed, null);
    });

    test('of a log with very many minutes only the newest leave the host', () => {
      const log = Array.from({ length: 1000 }, (_, index) => {
        const at = new Date((NOW - (999 - index) * 60) * 1000).toISOString();
        return labkit(at, index % 5 === 0 ? 500 : 200);
      }).join('');
      const sent =
        sifted(log, awk)
          .toString()
          .match(/^[re] /gm) ?? [];
      assert.deepEqual([sent.filter((one) => one === 'r ').length, sent.filter((one) => one === 'e ').length], [40, 8]);
      const minutes = minutesOf(log);
      assert.deepEqual(
        minutes.state === 'known' && [minutes.value.length, minutes.value.filter(({ failed }) => failed > 0).length],
        [15, 3],
      );
    });
  });
}

describe('the failed requests of each minute', { skip: skipUnless('linux') }, () => {
  test('the requests of one minute in a rotated file and in the current one are added', () => {
    const section = sectionOfLogs(access('04:05:30 +0000', 200), access('04:05:01 +0000', 500));
    assert.equal(lined(logsOfSection(section, NOW).requestMinutes), '04:05 1/2');
  });

  const FROM_HOST: readonly (readonly [what: string, line: string])[] = [
    ['more failed than there were', 'r a 2 3 0 0 24/Nov/2026:04:05:00 +0000'],
    ['a number of twenty digits', `r a ${'9'.repeat(20)} 0 0 0 24/Nov/2026:04:05:00 +0000`],
    ['an unknown kind', 'r x 2 1 1 0 24/Nov/2026:04:05:00 +0000'],
    ['no time', 'r a 2 1 1 0 '],
    ['no requests', 'r a 0 0 0 0 24/Nov/2026:04:05:00 +0000'],
  ];
  for (const [what, line] of FROM_HOST) {
    test(`a minute from the host that can’t be right is counted as an unread line: ${what}`, () => {
      const logs = logsOfSection(Buffer.from(`f n a\nc a 200 2\n${line}\n`), NOW);
      assert.deepEqual([logs.requestMinutes, logs.unreadLines], [absent, 1]);
    });
  }

  test('a failed request is not told if the host sends another line in its place', () => {
    const sent = `f n a\nc a 500 1\nr a 1 1 0 7 24/Nov/2026:04:05:00 +0000\ne 7 ${access('04:05:01 +0000', 200)}`;
    const minutes = logsOfSection(Buffer.from(sent), NOW).requestMinutes;
    assert.equal(minutes.state === 'known' && minutes.value[0]?.firstFailed, null);
  });

  test('minutes of a log that could not be read are not taken for zero failures', () => {
    const sent = 'f n a\nc a 500 1\nr a 1 1 0 0 -\n';
    assert.deepEqual(logsOfSection(Buffer.from(sent), NOW).requestMinutes, unknown('not-understood'));
  });
});
