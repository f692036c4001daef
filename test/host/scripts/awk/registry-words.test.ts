import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { known } from '../../../../src/model/fact.ts';
import type { LogComplaint, RegistryLogs } from '../../../../src/model/host/registry-logs.ts';
import { allFindings } from '../../../support/facts/all-findings.ts';
import { factsOf } from '../../../support/facts/facts-builder.ts';
import { SERVICE_ACCOUNT } from '../../../support/hosts/docker-registry.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { freePort } from '../../../support/services/free-port.ts';
import { selfSigned } from '../../self-signed.ts';
import { logsFrom, logsOfSection, sectionOfLogs } from '../../sift-log.ts';

/** What a real registry writes into its log, and what is understood of it: distribution's own words. */

const skip = skipUnless('linux', 'root', 'docker-registry', 'setpriv', 'openssl');
const DEADLINE_MS = 30_000;

type Act = (url: string) => Promise<void>;

describe("a real registry's log", { skip }, () => {
  let scratch: string;
  let number = 0;
  before(() => {
    scratch = mkdtempSync('/var/tmp/registry-doctor-words-');
    chmodSync(scratch, 0o755);
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  /** A directory that the service may use, or that is root's. */
  function storage(owner: 'service' | 'root' = 'service'): string {
    number += 1;
    const directory = `${scratch}/root${number}`;
    mkdirSync(directory);
    chmodSync(directory, owner === 'service' ? 0o777 : 0o755);
    return directory;
  }

  /** Runs a registry with this config until it listens and was used, or until it ends on its own; gives its log. */
  async function logOf(config: string, act: Act = async () => {}): Promise<string> {
    number += 1;
    const file = `${scratch}/config${number}.yml`;
    const address = `127.0.0.1:${await freePort()}`;
    writeFileSync(file, config.replaceAll('ADDRESS', address), { mode: 0o644 });
    const identity = ['--reuid', SERVICE_ACCOUNT, '--regid', SERVICE_ACCOUNT, '--clear-groups', '--pdeathsig', 'KILL'];
    const child = spawn('setpriv', [...identity, 'docker-registry', 'serve', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    const exited = once(child, 'exit');
    const listening = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (part: string) => {
          log += part;
          if (log.includes('listening on ')) resolve();
        });
      }
    });
    const late = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    await Promise.race([listening, exited]);
    if (child.exitCode === null) {
      await act(`http://${address}`);
      child.kill('SIGTERM');
    }
    await exited;
    clearTimeout(late);
    return log;
  }

  const configOf = (root: string, more = '', formatter = 'text') =>
    `version: 0.1\nlog: {level: info, formatter: ${formatter}}\nstorage:\n  filesystem:\n    rootdirectory: ${root}\n${more.startsWith(' ') ? '' : 'http: {addr: "ADDRESS", secret: hush}\n'}${more}`;

  const complaints = ({ complaints: said }: RegistryLogs) =>
    said.map(({ complaint, count }) => `${complaint} ${count}`);

  for (const formatter of ['text', 'json']) {
    test(`${formatter}: a push and a pull in a real registry’s log are read as proof that the storage worked`, async () => {
      const log = await logOf(configOf(storage(), '', formatter), async (url) => {
        await pushBlob(url, 'some/image');
        await fetch(`${url}/v2/`);
        await fetch(`${url}/v2/some/image/manifests/none?token=hush`);
      });
      const logs = logsFrom(log);
      assert.deepEqual(logs.countByStatus, { 200: 2, 201: 1, 202: 1, 404: 1 });
      assert.match(logs.lastGoodStorage?.path ?? '', /^\/v2\/some\/image\/blobs\/sha256:/);
      assert.equal(logs.lastGood?.path, '/v2/');
      assert.deepEqual([logs.firstBad, logs.complaints, logs.aborts, logs.unreadLines], [null, [], null, 0]);
      assert.ok(Math.abs((logs.to ?? 0) - Date.now() / 1000) < 60, 'the time zone is understood');
    });

    test(`${formatter}: denied access to the storage is found in a real registry’s log, with the path`, async () => {
      const root = storage('root');
      const logs = logsFrom(await logOf(configOf(root, '', formatter), async (url) => void (await pushBlob(url, 'a'))));
      assert.deepEqual(complaints(logs), ['permission-denied 1']);
      assert.equal(logs.complaints[0]?.path, `${root}/docker`);
      assert.match(logs.complaints[0]?.words ?? '', /filesystem: mkdir .*: permission denied$/);
      assert.deepEqual([logs.lastBad?.status, logs.firstBadOfLastRun?.status], [500, 500]);
    });

    test(`${formatter}: the share of failed requests is found in a real registry’s log if one repository is closed`, async () => {
      const root = storage();
      const log = await logOf(configOf(root, '', formatter), async (url) => {
        await pushBlob(url, 'open');
        mkdirSync(`${root}/docker/registry/v2/repositories/closed`, { mode: 0o700 });
        for (let round = 0; round < 10; round += 1) {
          await fetch(`${url}/v2/`);
          await fetch(`${url}/v2/closed/manifests/v${round}`);
          await pushBlob(url, 'open');
        }
      });
      const takenAt = Math.floor(Date.now() / 1000);
      const logs = logsOfSection(sectionOfLogs(log), takenAt);
      const facts = { ...factsOf({ logs: known(logs) }), takenAt };
      const finding = allFindings(facts).find(({ id }) => id === 'server-errors');
      assert.partialDeepStrictEqual(finding, {
        severity: 'warning',
        requests: 43,
        failed: 10,
        first: { method: 'GET', path: '/v2/closed/manifests/v0', status: 500 },
      });
      assert.deepEqual([logs.failedPulls, logs.unreadLines], [null, 0], 'no unbroken run of failures');
    });

    test(`${formatter}: a taken port is found in a real registry’s log as the reason why the registry ended`, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : assert.fail();
      const logs = logsFrom(await logOf(configOf(storage(), '', formatter).replace('ADDRESS', `127.0.0.1:${port}`)));
      server.close();
      assert.deepEqual(complaints(logs), ['port-taken 1']);
      assert.partialDeepStrictEqual(logs.aborts, {
        count: 1,
        complaint: 'port-taken',
        words: `listen tcp 127.0.0.1:${port}: bind: address already in use`,
        sinceStart: true,
      });
    });

    test(`${formatter}: an unreachable redis is found in a real registry’s log`, async () => {
      const config = configOf(storage(), `redis: {addr: "127.0.0.1:1", password: hush}\n`, formatter);
      const withCache = config.replace('storage:\n', 'storage:\n  cache: {blobdescriptor: redis}\n');
      const log = await logOf(withCache, async (url) => {
        await fetch(`${url}/v2/a/blobs/sha256:${'0'.repeat(64)}`);
      });
      assert.deepEqual(complaints(logsFrom(log)), ['redis 2']);
    });

    test(`${formatter}: pushes refused in maintenance mode are found in a real registry’s log`, async () => {
      const config = configOf(storage(), '', formatter);
      const readOnly = config.replace('storage:\n', 'storage:\n  maintenance: {readonly: {enabled: true}}\n');
      const logs = logsFrom(await logOf(readOnly, async (url) => void (await pushBlob(url, 'a'))));
      assert.deepEqual(complaints(logs), ['maintenance 1']);
    });
  }

  const ENDS: readonly (readonly [what: string, config: string, LogComplaint, words: RegExp])[] = [
    ['a version that it does not know', 'version: 0.9\n', 'bad-config', /unsupported version/],
    ['broken YAML', 'a: [\n', 'bad-config', /^configuration error: error parsing/],
    [
      'a tab in its YAML',
      'version: 0.1\nstorage:\n\tinmemory: {}\n',
      'bad-config',
      /yaml: line 3: found character that cannot start any token$/,
    ],
    [
      'a value of the wrong kind, without the value',
      'version: 0.1\nstorage: inmemory\nhttp: {addr: "ADDRESS"}\nhealth:\n  storagedriver:\n    enabled: hush\n',
      'bad-config',
      /yaml: unmarshal errors: line 6: cannot unmarshal !!str `redacted` into bool$/,
    ],
    [
      'two storage drivers',
      'version: 0.1\nstorage:\n  inmemory: {}\n  filesystem: {}\n',
      'bad-config',
      /Provided: \[filesystem inmemory\]$|Provided: \[inmemory filesystem\]$/,
    ],
    [
      'no storage driver',
      'version: 0.1\nstorage: {delete: {enabled: true}}\n',
      'bad-config',
      /no storage configuration/,
    ],
    [
      'an address that the host does not have',
      'version: 0.1\nstorage: inmemory\nhttp: {addr: "192.0.2.77:5000"}\n',
      'address-unavailable',
      /^listen tcp 192\.0\.2\.77:5000: bind: cannot assign requested address$/,
    ],
    [
      'a port that only root can use',
      'version: 0.1\nstorage: inmemory\nhttp: {addr: "127.0.0.1:99"}\n',
      'port-not-permitted',
      /^listen tcp 127\.0\.0\.1:99: bind: permission denied$/,
    ],
    [
      'an upstream that does not answer',
      'version: 0.1\nstorage: inmemory\nhttp: {addr: "ADDRESS"}\nproxy: {remoteurl: "http://user:hush@127.0.0.1:9"}\n',
      'upstream',
      /^panic: Get "http:\/\/redacted@127\.0\.0\.1:9\/v2\/": dial tcp 127\.0\.0\.1:9: connect: connection refused$/,
    ],
    [
      'an htpasswd that it can’t read',
      'version: 0.1\nstorage: inmemory\nhttp: {addr: "ADDRESS"}\nauth: {htpasswd: {realm: r, path: /root/htpasswd}}\n',
      'permission-denied',
      /open \/root\/htpasswd: permission denied$/,
    ],
    [
      'an unknown driver',
      'version: 0.1\nstorage: {nosuch: {}}\nhttp: {addr: "ADDRESS"}\n',
      'bad-config',
      /not registered/,
    ],
    [
      'a token certificate that is not there',
      'version: 0.1\nstorage: inmemory\nhttp: {addr: "ADDRESS"}\nauth: {token: {realm: r, service: s, issuer: i, rootcertbundle: /nothere}}\n',
      'missing-file',
      /open \/nothere: no such file or directory$/,
    ],
  ];
  for (const [what, config, complaint, words] of ENDS) {
    test(`the reason why a real registry ended is found in its log: ${what}`, async () => {
      const { aborts } = logsFrom(await logOf(config));
      assert.partialDeepStrictEqual(aborts, { count: 1, complaint });
      assert.match(aborts?.words ?? '', words);
    });
  }

  describe('the log of a real registry that gets tokens', () => {
    const issuer = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const now = () => Math.floor(Date.now() / 1000);
    const ROWS: readonly (readonly [what: string, token: () => string, said: readonly string[]])[] = [
      ['of the right key', () => token(issuer, {}), []],
      ['of another key', () => token(stranger, {}), ['token-certificate 1']],
      ['that has expired', () => token(issuer, { exp: now() - 600, nbf: now() - 900 }), ['token-time 1']],
      ['from the future', () => token(issuer, { nbf: now() + 600 }), ['token-time 1']],
      ['that is invalid', () => 'hush.hush.hush', []],
    ];
    for (const [what, make, said] of ROWS) {
      test(`a real registry’s log is read correctly for a token ${what}`, async () => {
        const certificate = selfSigned(scratch, issuer);
        const auth = `auth: {token: {realm: "http://r", service: svc, issuer: iss, rootcertbundle: ${certificate}}}\n`;
        const log = await logOf(configOf(storage(), auth), async (url) => {
          const { status } = await fetch(`${url}/v2/`, { headers: { authorization: `Bearer ${make()}` } });
          assert.equal(status, what === 'of the right key' ? 200 : 401);
        });
        assert.deepEqual(complaints(logsFrom(log)), said);
      });
    }
  });
});

/** Pushes one blob in one piece, as far as the registry lets it, and pulls it. */
async function pushBlob(url: string, name: string): Promise<void> {
  const body = Buffer.from('layer');
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const started = await fetch(`${url}/v2/${name}/blobs/uploads/`, { method: 'POST' });
  const location = started.headers.get('location');
  if (location === null) return;
  const place = new URL(location, url);
  place.searchParams.set('digest', digest);
  await fetch(place, { method: 'PUT', body, headers: { 'content-type': 'application/octet-stream' } });
  await fetch(`${url}/v2/${name}/blobs/${digest}`);
}

/** A token as GitLab makes it (distribution's token specification), good for `registry:catalog` unless changed. */
function token(key: KeyObject, claims: Record<string, unknown>): string {
  const now = Math.floor(Date.now() / 1000);
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const header = encoded({ typ: 'JWT', alg: 'RS256', kid: keyId(key) });
  const body = encoded({
    iss: 'iss',
    aud: 'svc',
    sub: '',
    iat: now,
    nbf: now - 5,
    exp: now + 300,
    jti: '1',
    access: [],
    ...claims,
  });
  const signature = sign(
    'sha256',
    Buffer.from(`${header}.${body}`),
    createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' })),
  );
  return `${header}.${body}.${signature.toString('base64url')}`;
}

/** libtrust's key id: the first 240 bits of the public key's SHA-256 in base 32, in groups of four. */
function keyId(key: KeyObject): string {
  const der = createPublicKey(key.export({ type: 'pkcs8', format: 'pem' })).export({ type: 'spki', format: 'der' });
  const bits = [...createHash('sha256').update(der).digest().subarray(0, 30)]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const letters = (bits.match(/.{5}/g) ?? []).map(
    (five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)],
  );
  return (letters.join('').match(/.{4}/g) ?? []).join(':');
}
