import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseRegistryLogs } from '../../../../src/host/probe/logs/parse-registry-logs.ts';
import { readLogLine } from '../../../../src/host/probe/logs/read-log-line.ts';
import { parseServiceState } from '../../../../src/host/probe/service/parse-service-state.ts';
import { absent, known } from '../../../../src/model/fact.ts';
import { Facts } from '../../../../src/model/host/facts.ts';
import { type LoggedAccess, RegistryLogs, type RequestMinute } from '../../../../src/model/host/registry-logs.ts';
import { SeededRandom, seedOfRun } from '../../../support/random.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { AWK, BUSYBOX_AWK, logsOfSection, sectionOfLogs, sifted } from '../../sift-log.ts';

/** Logs as no one would write them, and long ones read in a slower way. */

const ROUNDS = Number(process.env['RD_FUZZ_ROUNDS'] ?? 200);
const START = Date.UTC(2026, 10, 24) / 1000;

const PATHS = [
  '/v2/',
  '/v2/_catalog',
  '/v2/a/b/manifests/latest',
  '/v2/a/blobs/sha256:0',
  '/v2/a/blobs/uploads/',
  '/x y"\\',
];
const MESSAGES = [
  'listening on 127.0.0.1:5000',
  'filesystem: mkdir /r/docker: permission denied',
  'storage driver health check: filesystem: stat /r: not a directory',
  'listen tcp :5000: bind: address already in use',
  'error connecting to redis instance x: dial tcp: refused',
  'token signed by untrusted key with ID: \\"A:B\\"',
  'there are pending database migrations',
  'password=hush and https://a:hush@b/?c=hush',
];

function pathAndMethod(random: SeededRandom): readonly [method: string, path: string] {
  return [random.pick(['GET', 'HEAD', 'POST', 'PUT', 'DELETE']), random.pick(PATHS)];
}

/** A line in one of the dialects, at a time. */
function randomLine(random: SeededRandom, second: number): string {
  const iso = new Date((START + second) * 1000).toISOString();
  const [method, path] = pathAndMethod(random);
  const status = random.pick([200, 200, 201, 202, 307, 401, 404, 405, 500, 503, 503, 503]);
  const uri = path.replaceAll(' ', '').replaceAll('"', '').replaceAll('\\', '');
  switch (random.int(6)) {
    case 0:
    case 1: {
      const stamp = `${iso.slice(8, 10)}/Nov/2026:${iso.slice(11, 19)} +0000`;
      return `127.0.0.1 - - [${stamp}] "${method} ${uri}?a=hush HTTP/1.1" ${status} 7 "" "agent \\"q\\""`;
    }
    case 2:
      return JSON.stringify({
        level: 'info',
        method,
        msg: 'access',
        status,
        system: 'http',
        time: iso,
        uri: `${path}?hush`,
      });
    case 3:
      return `time="${iso}" level=${random.pick(['info', 'warning', 'error', 'fatal'])} msg="${random.pick(MESSAGES)}" go.version=go1.19.8 instance.id=${random.int(1e6)}-ab`;
    case 4:
      return JSON.stringify({ level: 'error', msg: random.pick(MESSAGES), error: random.pick(MESSAGES), time: iso });
    default:
      return random.pick([
        'panic: oh',
        '\tmain.go:12 +0x25',
        '',
        'configuration error: x',
        `FATA[0001] ${random.pick(MESSAGES)}`,
      ]);
  }
}

function randomLog(random: SeededRandom, lines: number): string {
  const prefix = random.chance(30);
  return Array.from({ length: lines }, (_, index) => {
    const line = randomLine(random, index * 7);
    return prefix
      ? `2026-11-24_${new Date((START + index * 7) * 1000).toISOString().slice(11, 19)}.12345 ${line}\n`
      : `${line}\n`;
  }).join('');
}

/** Bytes cut out, doubled, moved and overwritten, lines of a megabyte, NULs, what is not UTF-8. */
function mutated(random: SeededRandom, bytes: Buffer): Buffer {
  const at = random.int(bytes.length + 1);
  const length = random.int(200);
  const part = bytes.subarray(at, at + length);
  const rest = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
  const to = random.int(rest.length + 1);
  const put = (what: Uint8Array) => Buffer.concat([rest.subarray(0, to), what, rest.subarray(to)]);
  switch (random.int(7)) {
    case 0:
      return rest;
    case 1:
      return put(Buffer.concat([part, part]));
    case 2:
      return put(part);
    case 3:
      return put(Buffer.from(Array.from({ length: 1 + random.int(9) }, () => random.int(256))));
    case 4:
      return put(
        Buffer.alloc(random.chance(5) ? 1_000_000 : 5000, random.pick(['"', '\\', '{', '[', 'a', ' ', '\xff', '='])),
      );
    case 5:
      return put(
        Buffer.from(
          random.pick([
            '\n',
            '\r\n',
            '\0',
            '"',
            '\u202e',
            '{"log":',
            'time=',
            'l 1 1 ',
            'b 5\n',
            'f y x\n',
            'logs unknown x\n',
          ]),
        ),
      );
    default:
      return bytes.subarray(0, at);
  }
}

function expectSound(section: Uint8Array): void {
  const parsed = parseRegistryLogs(section, START + 210);
  if (parsed.state !== 'known') return;
  const logs = RegistryLogs.parse(parsed.value);
  assert.ok(JSON.stringify(logs).length < 60_000);
}

function mutatedManyTimes(random: SeededRandom, bytes: Buffer): Buffer {
  let result = bytes;
  for (let count = 1 + random.int(6); count > 0; count -= 1) result = mutated(random, result);
  return result;
}

describe('the reader of registry logs, given random content', { skip: skipUnless('linux', 'busybox') }, () => {
  test('the probe reads registry logs of any content without an error and within its limits', (t) => {
    const seed = seedOfRun();
    t.diagnostic(`RD_SEED=${seed}`);
    const random = new SeededRandom(seed);
    for (let round = 0; round < ROUNDS / 10; round += 1) {
      const log = mutatedManyTimes(random, Buffer.from(randomLog(random, 30), 'latin1'));
      const section = sifted(
        Buffer.from(log.toString('latin1').replaceAll('\0', ''), 'latin1'),
        random.pick([AWK, BUSYBOX_AWK]),
      );
      expectSound(Buffer.concat([Buffer.from('f n a\n'), section]));
    }
  });

  test('the bot reads anything that a host prints as its logs without an error', (t) => {
    const seed = seedOfRun() + 1;
    t.diagnostic(`RD_SEED=${seed - 1}`);
    const random = new SeededRandom(seed);
    const section = sectionOfLogs(randomLog(random, 200), randomLog(random, 50));
    expectSound(section);
    for (let round = 0; round < ROUNDS; round += 1) expectSound(mutatedManyTimes(random, section));
  });

  test('the bot reads anything that a host prints as its service state without an error', (t) => {
    const seed = seedOfRun() + 2;
    t.diagnostic(`RD_SEED=${seed - 2}`);
    const random = new SeededRandom(seed);
    const section = Buffer.from(
      'supervision known systemd 1234.56\nunit Id=a.service\nunit LoadState=loaded\nunit ActiveState=active\nunit NRestarts=4\nlisteners known :5000 -\nlistener 00000000 1388 12 nginx\ntrust known /a\ntrust-notBefore Nov 24 04:04:09 2026 GMT\ntrust-certificate known aa\ntrust-key-path known /b\ntrust-key known bb\nclock known adjtimex 64\nsupervision known runit 12 /a run\n',
    );
    for (let round = 0; round < ROUNDS; round += 1) {
      Facts.shape.service.parse(parseServiceState(mutatedManyTimes(random, section), START));
    }
  });

  test('the probe’s summary of a long log gives the same facts as reading each of its lines', (t) => {
    const seed = seedOfRun() + 3;
    t.diagnostic(`RD_SEED=${seed - 3}`);
    const random = new SeededRandom(seed);
    for (let round = 0; round < 15; round += 1) {
      const log = randomLog(random, 1 + random.int(400));
      assert.doesNotMatch(sectionOfLogs(log).toString(), /hush/);
      const takenAt = START + 7 * log.split('\n').length;
      const read = logsOfSection(sectionOfLogs(log), takenAt);
      assert.deepEqual(
        {
          countByStatus: read.countByStatus,
          requestMinutes: read.requestMinutes,
          firstBad: read.firstBad,
          lastBad: read.lastBad,
          lastGood: read.lastGood,
          lastGoodStorage: read.lastGoodStorage,
          firstBadOfLastRun: read.firstBadOfLastRun,
        },
        slowlyRead(log, takenAt),
        log,
      );
    }
  });
});

/** The plain way: every line is read, none is left out. */
function slowlyRead(log: string, takenAt: number) {
  const requests = log.split('\n').flatMap((line) => {
    const read = readLogLine(line.replaceAll(/\?[^ "\\]+/g, '?redacted'));
    return read?.kind === 'access' ? [read.access] : [];
  });
  const countByStatus: Record<string, number> = {};
  for (const { status } of requests) countByStatus[status] = (countByStatus[status] ?? 0) + 1;
  const isBad = ({ status }: LoggedAccess) => status >= 500;
  const isGood = ({ status }: LoggedAccess) => status < 400;
  const isStorage = ({ status, path }: LoggedAccess) => status < 300 && /^\/v2\/.+\/(manifests|blobs)\//.test(path);
  const afterLastWell = requests.slice(requests.findLastIndex((one) => !isBad(one)) + 1);
  return {
    countByStatus,
    requestMinutes: slowlyCounted(requests, takenAt),
    firstBad: requests.find(isBad) ?? null,
    lastBad: requests.findLast(isBad) ?? null,
    lastGood: requests.findLast(isGood) ?? null,
    lastGoodStorage: requests.findLast(isStorage) ?? null,
    firstBadOfLastRun: afterLastWell[0] ?? null,
  };
}

function slowlyCounted(requests: readonly LoggedAccess[], takenAt: number): RegistryLogs['requestMinutes'] {
  const minutes = new Map<number, RequestMinute>();
  for (const request of requests) {
    const at = Math.floor((request.at ?? 0) / 60) * 60;
    if (at <= takenAt - 15 * 60 || !/^\/(v2|gitlab\/v1)\/[^_]/.test(request.path)) continue;
    const before = minutes.get(at) ?? { at, requests: 0, failed: 0, firstFailed: null };
    const isFailed = request.status >= 500;
    minutes.set(at, {
      at,
      requests: before.requests + 1,
      failed: before.failed + (isFailed ? 1 : 0),
      firstFailed: before.firstFailed ?? (isFailed ? request : null),
    });
  }
  return minutes.size === 0 ? absent : known([...minutes.values()]);
}
