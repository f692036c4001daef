import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import { configuredHost, factsOf, probe } from '../../host/probe-run.ts';
import { ScratchTree } from '../../host/scratch-tree.ts';
import { type LoggingRegistry, startLoggingRegistry } from '../../host/scripts/probe/logging-registry.ts';
import { elsewhere, instead } from '../../host/scripts/probe/other-tree.ts';
import { selfSigned } from '../../host/self-signed.ts';
import { DASH, type Shell } from '../../host/shells.ts';
import { SERVICE_ACCOUNT } from '../../support/hosts/docker-registry.ts';
import { skipUnless } from '../../support/requirements.ts';
import { freePort } from '../../support/services/free-port.ts';

/** A real registry that is kept from serving, from the probe to the finding that comes first. */

const skip = skipUnless('linux', 'root', 'docker-registry', 'setpriv', 'openssl', 'mount-namespaces', 'busybox');
const FOREIGN_SERVER =
  'require("http").createServer((q, r) => { r.statusCode = 404; r.end("<html>"); }).listen(+process.argv[1], "127.0.0.1", () => console.log("ready"))';

describe('causes that keep a registry from serving', { skip }, () => {
  let tree: ScratchTree;
  let address: string;
  let log: string;
  let stops: (() => Promise<unknown>)[];
  beforeEach(async () => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'), 0o777);
    mkdirSync(`${tree.root}/log/gitlab/registry`, { recursive: true });
    mkdirSync(`${tree.root}/opt/gitlab/service/registry/supervise`, { recursive: true });
    mkdirSync(`${tree.root}/var-opt`);
    log = `${tree.root}/log/gitlab/registry/current`;
    writeFileSync(log, '');
    address = `127.0.0.1:${await freePort()}`;
    stops = [];
  });
  afterEach(async () => {
    for (const stop of stops) await stop();
    tree.remove();
  });

  const configured = (more = '', storage = ''): HostSettings => {
    const root = `${tree.root}/root`;
    const host = configuredHost(
      tree,
      root,
      `${storage}version: 0.1\nhttp: {addr: "${address}", secret: hush}\nhealth: {storagedriver: {enabled: true}}\n${more}`,
    );
    return { ...host, registry: { ...host.registry, layout: 'omnibus', serviceUser: SERVICE_ACCOUNT } };
  };
  const start = async (host: HostSettings): Promise<LoggingRegistry> => {
    const registry = await startLoggingRegistry(host.registry.config, log);
    stops.push(registry.stop);
    return registry;
  };
  const supervised = (stat: string) => {
    for (const [file, content] of Object.entries({ stat, pid: '' })) {
      writeFileSync(`${tree.root}/opt/gitlab/service/registry/supervise/${file}`, content);
    }
  };
  const inOmnibus = (): Shell =>
    elsewhere(
      DASH,
      ['log', 'opt', 'var-opt'].map((name) => instead(PLACES[name] ?? '', `${tree.root}/${name}`)).join(''),
    );
  const diagnose = (host: HostSettings) => judgeFacts(factsOf(probe(inOmnibus(), host)));
  const linesOf = ({ findings }: ReturnType<typeof diagnose>) =>
    findings.map(({ severity, id }) => `${severity} ${id}`);

  test('a diagnosis of a registry that serves requests finds no fault', async () => {
    const host = configured();
    await start(host);
    supervised('run\n');
    const diagnosis = diagnose(host);
    assert.equal(
      diagnosis.findings.some(({ severity }) => severity === 'fault'),
      false,
      linesOf(diagnosis).join(),
    );
  });

  test('a diagnosis of a registry that keeps ending because its port is taken names the process that holds the port', async () => {
    const server = await foreignServer(address);
    stops.push(server.stop);
    const host = configured();
    for (let times = 0; times < 3; times += 1) await start(host);
    supervised('down, want up\n');
    const diagnosis = diagnose(host);
    assert.deepEqual(
      linesOf(diagnosis).filter((line) => /port|loop|running/.test(line)),
      ['fault port-taken', 'info restart-loop'],
    );
    assert.partialDeepStrictEqual(diagnosis.findings[0], {
      id: 'port-taken',
      port: Number(address.split(':')[1]),
      pid: server.pid,
      said: { words: `listen tcp ${address}: bind: address already in use` },
    });
    assert.equal(diagnosis.plan, null);
  });

  test('a diagnosis finds that a registry refuses pushes because it is in maintenance mode', async () => {
    const host = configured('', '  maintenance: {readonly: {enabled: true}}\n');
    await start(host);
    await fetch(`http://${address}/v2/a/blobs/uploads/`, { method: 'POST' });
    supervised('run\n');
    const diagnosis = diagnose(host);
    assert.partialDeepStrictEqual(diagnosis.findings[0], {
      id: 'maintenance-mode',
      severity: 'fault',
      refusedPushes: 1,
    });
  });

  test('a diagnosis finds that the registry trusts a certificate that does not belong to GitLab’s signing key', async () => {
    const [ours, theirs] = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    const certificate = selfSigned(tree.root.toString(), ours ?? assert.fail());
    mkdirSync(`${tree.root}/var-opt/gitlab/gitlab-rails/etc`, { recursive: true });
    const key = (theirs ?? assert.fail()).export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(`${tree.root}/var-opt/gitlab/gitlab-rails/etc/gitlab-registry.key`, key);
    const host = configured(`auth: {token: {realm: r, service: s, issuer: i, rootcertbundle: ${certificate}}}\n`);
    await start(host);
    supervised('run\n');
    assert.partialDeepStrictEqual(diagnose(host).findings[0], {
      id: 'token-certificate-mismatch',
      severity: 'fault',
      certificatePath: certificate,
    });
  });

  test('a diagnosis reports as a warning that a registry works without its redis', async () => {
    const host = configured('redis: {addr: "127.0.0.1:1"}\n', '  cache: {blobdescriptor: redis}\n');
    await start(host);
    await fetch(`http://${address}/v2/a/blobs/sha256:${'0'.repeat(64)}`);
    supervised('run\n');
    const diagnosis = diagnose(host);
    assert.deepEqual(
      linesOf(diagnosis).filter((line) => /redis|fault/.test(line)),
      ['warning redis-unreachable'],
    );
  });

  test('a diagnosis names the blocked directory as what to fix if it makes the registry end at its lock file check', () => {
    const host = configured('database: {enabled: true}\n');
    const outer = tree.directory(tree.at('outer')).toString();
    mkdirSync(`${outer}/root`);
    chmodSync(`${outer}/root`, 0o777);
    writeFileSync(
      host.registry.config,
      `version: 0.1\nstorage: {filesystem: {rootdirectory: ${outer}/root}}\nhttp: {addr: "${address}"}\ndatabase: {enabled: true}\n`,
    );
    chmodSync(outer, 0o700);
    const time = new Date().toISOString();
    const words = `could not check if filesystem metadata is locked, see https://docs.gitlab.com`;
    const error = `filesystem: stat ${outer}/root/docker/registry/lockfiles/filesystem-in-use: permission denied`;
    const lines = [
      { level: 'error', msg: words, error, time },
      { level: 'fatal', msg: `configuring application: ${error}`, time },
    ];
    writeFileSync(log, `${[...lines, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`);
    supervised('down, want up\n');
    const diagnosis = diagnose(host);
    const [first, ...rest] = linesOf(diagnosis);
    assert.equal(first, 'fault untraversable-ancestor');
    assert.ok(rest.includes('info restart-loop'), rest.join());
    assert.deepEqual(
      rest.filter((line) => line.startsWith('fault')),
      [],
    );
    assert.deepEqual(
      diagnosis.plan?.steps.map(({ path }) => path),
      [outer],
    );
  });
});

const PLACES: Readonly<Record<string, string>> = { log: '/var/log', opt: '/opt', 'var-opt': '/var/opt' };

async function foreignServer(address: string): Promise<{ pid: number; stop: () => Promise<unknown> }> {
  const child: ChildProcess = spawn(process.execPath, ['-e', FOREIGN_SERVER, address.split(':')[1] ?? ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('no output');
  await once(child.stdout, 'data');
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    stop: () => {
      child.kill('SIGKILL');
      return exited;
    },
  };
}
