import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { unknown } from '../../../../src/model/fact.ts';
import type { RegistryLogs } from '../../../../src/model/host/registry-logs.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { freePort } from '../../../support/services/free-port.ts';
import { type FakeRegistry, startFakeRegistry } from '../../fake-registry.ts';
import { configuredHost, factsOf, probe } from '../../probe-run.ts';
import { ScratchTree } from '../../scratch-tree.ts';
import { DASH, inTurn, SHELLS, type Shell } from '../../shells.ts';
import { type LoggingRegistry, startLoggingRegistry } from './logging-registry.ts';
import { elsewhere, instead } from './other-tree.ts';

/** Where the registry's logs are found, and how much of them is read: real files, rotated and packed. */

const skip = skipUnless('linux', 'root', 'busybox', 'mount-namespaces');
const START = Date.UTC(2026, 10, 24, 4, 0, 0) / 1000;

function apache(second: number, status: number, path = '/v2/'): string {
  return `::1 - - [24/Nov/2026:04:00:${String(second).padStart(2, '0')} +0000] "GET ${path} HTTP/1.1" ${status} 5 "" "curl"\n`;
}

function svlogd(second: number, line: string): string {
  return `2026-11-24_04:00:${String(second).padStart(2, '0')}.12345 ${line}`;
}

/** A process that is called as runsvdir(8) is, with these last words. */
async function startSupervisor(tree: ScratchTree, title: string) {
  const program = tree.at('runsvdir').toString();
  if (!existsSync(program)) copyFileSync('/bin/sh', program);
  const child = spawn(program, ['-c', 'echo; read -r x; :', '-P', '/opt/gitlab/service', title], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return {
    stop: async () => {
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}

function knownLogs(logs: ReturnType<typeof factsOf>['logs']): RegistryLogs {
  return logs.state === 'known' ? logs.value : assert.fail(JSON.stringify(logs));
}

function countedRequests({ requestMinutes }: RegistryLogs): { requests: number; failed: number } {
  const minutes = requestMinutes.state === 'known' ? requestMinutes.value : [];
  return minutes.reduce(
    (sum, minute) => ({ requests: sum.requests + minute.requests, failed: sum.failed + minute.failed }),
    { requests: 0, failed: 0 },
  );
}

describe('the probe reads the log files of a registry', {
  skip: skip || skipUnless('docker-registry', 'setpriv'),
}, () => {
  let tree: ScratchTree;
  let host: ReturnType<typeof configuredHost>;
  let registry: LoggingRegistry;
  let log: string;
  let url: string;

  before(async () => {
    tree = new ScratchTree();
    const root = tree.directory(tree.at('root'), 0o777).toString();
    const address = `127.0.0.1:${await freePort()}`;
    url = `http://${address}`;
    host = configuredHost(tree, root, `version: 0.1\nhttp: {addr: "${address}", secret: hush}\n`);
    log = tree.at("the registry's $(log) *").toString();
    writeFileSync(`${log}.2.gz`, gzipSync(apache(1, 200, '/v2/a/manifests/1') + apache(2, 503)));
    writeFileSync(`${log}.1`, apache(3, 503));
    writeFileSync(tree.at("the registry's $(log) xx.1").toString(), apache(4, 418));
    utimesSync(`${log}.2.gz`, START + 2, START + 2);
    utimesSync(`${log}.1`, START + 3, START + 3);
    symlinkSync('/dev/zero', `${log}.3`);
    // Whoever writes the log can put a link beside it, to what is not theirs.
    writeFileSync(tree.at('secret'), apache(5, 402), { mode: 0o600 });
    symlinkSync(tree.at('secret'), `${log}.5`);
    mkdirSync(`${log}.4`);
    registry = await startLoggingRegistry(host.registry.config, log);
    for (let count = 0; count < 2; count += 1) await fetch(`http://${address}/v2/`);
  });
  after(async () => {
    await registry?.stop();
    tree?.remove();
  });

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe reads a registry’s log files together with the rotated and packed ones`, {
      skip: shell.skip,
    }, () => {
      const logs = knownLogs(factsOf(probe(shell, host)).logs);
      assert.deepEqual(
        logs.files.map(({ name, cut }) => [name, cut]),
        [
          [`${log}.2.gz`, false],
          [`${log}.1`, false],
          [log, false],
        ],
      );
      assert.equal(logs.firstBad?.at, START + 2);
      assert.equal(logs.lastGoodStorage?.at, START + 1);
      assert.equal(logs.countByStatus['503'], 2);
      assert.equal(logs.countByStatus['418'], undefined, 'a name is no pattern');
      assert.equal(logs.countByStatus['402'], undefined, 'a link is not followed');
      assert.ok((logs.countByStatus['200'] ?? 0) >= 2);
      assert.equal(logs.unreadLines, 0);
    });
  }

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe counts a registry’s recent requests, and those that failed at a closed repository`, {
      skip: shell.skip,
    }, async () => {
      const before = countedRequests(knownLogs(factsOf(probe(shell, host)).logs));
      const repositories = `${tree.at('root')}/docker/registry/v2/repositories`;
      mkdirSync(`${repositories}/closed`, { recursive: true });
      chmodSync(`${repositories}/closed`, 0o700);
      for (const name of ['closed', 'closed', 'open', 'open', 'open'])
        await fetch(`${url}/v2/${name}/manifests/latest`);
      await fetch(`${url}/v2/`);
      const logs = knownLogs(factsOf(probe(shell, host)).logs);
      const { requests, failed } = countedRequests(logs);
      assert.deepEqual([requests - before.requests, failed - before.failed], [5, 2]);
      const minutes = logs.requestMinutes.state === 'known' ? logs.requestMinutes.value : [];
      assert.equal(minutes.find((minute) => minute.failed > 0)?.firstFailed?.path, '/v2/closed/manifests/latest');
    });
  }

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: a catalog that only the probe was refused is no failed request of the registry’s log`, {
      skip: shell.skip,
    }, () => {
      const repositories = `${tree.at('root')}/docker/registry/v2/repositories`;
      mkdirSync(repositories, { recursive: true });
      const before = knownLogs(factsOf(probe(shell, host)).logs);
      chmodSync(repositories, 0o700);
      const written = statSync(log).size;
      probe(shell, host);
      chmodSync(repositories, 0o755);
      const seen = readFileSync(log).subarray(written).toString();
      assert.match(seen, /GET \/v2\/_catalog\S* HTTP\/1\.\d" 500 /);
      const { lastBad, complaints } = knownLogs(factsOf(probe(shell, host)).logs);
      assert.deepEqual({ lastBad, complaints }, { lastBad: before.lastBad, complaints: before.complaints });
    });
  }

  test('the probe reads a registry’s log files up to a limit, and then no older files', () => {
    const line = apache(9, 404);
    appendFileSync(log, line.repeat(Math.ceil(9e6 / line.length)));
    const logs = knownLogs(factsOf(probe(DASH, host)).logs);
    assert.deepEqual(logs.files, [{ name: log, bytes: 8_388_608, cut: true }]);
    assert.equal(logs.countByStatus['503'], undefined);
    assert.equal(logs.unreadLines, 0, 'no part of a line is read');
  });
});

describe('the probe reads the registry log of an Omnibus GitLab', { skip }, () => {
  let tree: ScratchTree;
  let host: ReturnType<typeof configuredHost>;
  beforeEach(() => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
    const plain = configuredHost(tree, `${tree.root}/root`, 'http: {addr: "127.0.0.1:1"}\n');
    host = { ...plain, registry: { ...plain.registry, layout: 'omnibus' } };
    mkdirSync(`${tree.root}/log/gitlab/registry`, { recursive: true });
    mkdirSync(`${tree.root}/opt/gitlab/service/registry/log`, { recursive: true });
  });
  afterEach(() => tree.remove());

  const put = (name: string, content: string | Buffer, time: number) => {
    const file = `${tree.root}/log/gitlab/registry/${name}`;
    writeFileSync(file, content);
    utimesSync(file, time, time);
  };
  const logsBy = (shell: Shell, setup = '', as?: { uid: number; gid: number; groups: number[] }) => {
    const there = elsewhere(
      shell,
      `${instead('/var/log', `${tree.root}/log`)}${instead('/opt', `${tree.root}/opt`)}${setup}`,
    );
    const command = as
      ? [
          ...there.command.slice(0, -shell.command.length),
          'setpriv',
          '--reuid',
          `${as.uid}`,
          '--regid',
          `${as.gid}`,
          '--clear-groups',
          '--',
          ...shell.command,
        ]
      : there.command;
    return factsOf(probe({ ...there, command }, host)).logs;
  };

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe reads an Omnibus registry log together with the files that svlogd rotated and packed`, {
      skip: shell.skip,
    }, () => {
      put('@4000000069240000.s', gzipSync(svlogd(1, apache(1, 200, '/v2/a/blobs/sha256:0'))), START + 1);
      put('@4000000069240100.u', svlogd(2, apache(2, 503)), START + 2);
      put('lock', '', START);
      put('config', 's209715200\nn30\n!gzip\n', START);
      put(
        'current',
        svlogd(
          3,
          '{"correlation_id":"1","error":"ping: connection refused","level":"fatal","msg":"configuring application: failed to initialize database connections","time":"2026-11-24T04:00:03Z"}\n',
        ) +
          svlogd(4, 'panic: oh\n') +
          svlogd(
            5,
            '{"level":"info","method":"GET","msg":"access","status":503,"time":"2026-11-24T04:00:05Z","uri":"/v2/"}\n',
          ),
        START + 5,
      );
      const logs = knownLogs(logsBy(shell));
      assert.deepEqual(
        logs.files.map(({ name }) => name.replace(/.*registry./, '')),
        ['@4000000069240000.s', '@4000000069240100.u', 'current'],
      );
      assert.partialDeepStrictEqual(logs, {
        from: START + 1,
        to: START + 5,
        countByStatus: { 200: 1, 503: 2 },
        lastGoodStorage: { at: START + 1 },
        firstBadOfLastRun: { at: START + 2 },
        complaints: [{ complaint: 'database', lastAt: START + 3 }],
        aborts: { count: 2, lastAt: START + 4, words: 'panic: oh' },
        unreadLines: 0,
      });
    });

    test(`${shell.name}: the probe does not read an Omnibus registry log past a broken packed file`, {
      skip: shell.skip,
    }, () => {
      put('@4000000069240000.s', gzipSync(svlogd(1, apache(1, 200, '/v2/a/blobs/sha256:0'))), START + 1);
      const packed = gzipSync(
        Array.from({ length: 2000 }, (_, second) => apache(second % 60, 500 + (second % 7))).join(''),
      );
      put('@4000000069240100.s', packed.subarray(0, packed.length / 2), START + 2);
      put('current', apache(3, 503), START + 3);
      const logs = knownLogs(logsBy(shell));
      assert.deepEqual(
        logs.files.map(({ name, cut }) => [name.replace(/.*registry./, ''), cut]),
        [
          ['@4000000069240100.s', true],
          ['current', false],
        ],
      );
      assert.deepEqual(logs.countByStatus, { 503: 1 });
    });

    test(`${shell.name}: the probe reads an Omnibus registry log from another directory if its run script names that`, {
      skip: shell.skip,
    }, () => {
      put('current', apache(1, 200), START);
      writeFileSync(
        `${tree.root}/opt/gitlab/service/registry/log/run`,
        '#!/bin/sh\nexec chpst -P \\\n  -U root \\\n  svlogd -tt /var/log/elsewhere\n',
      );
      const logs = knownLogs(
        logsBy(shell, 'mkdir /var/log/elsewhere; cp /var/log/gitlab/registry/current /var/log/elsewhere\n'),
      );
      assert.deepEqual(
        logs.files.map(({ name }) => name),
        ['/var/log/elsewhere/current'],
      );
    });

    test(`${shell.name}: the probe reads recent failures of runit itself, such as a log directory that it can’t write to`, {
      skip: shell.skip,
    }, async () => {
      put('current', svlogd(1, 'level=info msg="listening on 127.0.0.1:1"\\n'), START);
      const words = 'svlogd: pausing: unable to open current: /var/log/gitlab/registry: access denied\n';
      const told = async (title: string) => {
        const supervisor = await startSupervisor(tree, `log: ....${title}`);
        const { complaints } = knownLogs(logsBy(shell));
        await supervisor.stop();
        return complaints.map(({ complaint, path, sinceStart }) => [complaint, path, sinceStart]);
      };
      assert.deepEqual(await told(words), [['permission-denied', '/var/log/gitlab/registry', true]]);
      assert.deepEqual(await told(`${words}.`), [], 'older than a quarter of an hour');
      assert.deepEqual(await told(words.replace('/registry', '/nginx')), [], 'of another service');
    });

    test(`${shell.name}: the probe reports an Omnibus log directory that has no log or can’t be entered`, {
      skip: shell.skip,
    }, () => {
      assert.deepEqual(logsBy(shell), unknown('no-log-found'));
      put('current', apache(1, 200), START);
      const closed = logsBy(shell, 'chmod 700 /var/log/gitlab\n', { uid: 65534, gid: 65534, groups: [] });
      assert.deepEqual(closed, unknown({ code: 'not-permitted-at', detail: '/var/log/gitlab/registry/current' }));
      const unreadable = logsBy(shell, 'chmod 600 /var/log/gitlab/registry/current\n', {
        uid: 65534,
        gid: 65534,
        groups: [],
      });
      assert.deepEqual(unreadable, unknown({ code: 'not-permitted-at', detail: '/var/log/gitlab/registry/current' }));
    });
  }
});

describe('the probe reads the log of a registry whose output goes elsewhere', {
  skip: skip || skipUnless('setpriv'),
}, () => {
  const CONTAINER = 'c0ffee'.repeat(10).padEnd(64, '0');
  let tree: ScratchTree;
  let host: ReturnType<typeof configuredHost>;
  let registry: FakeRegistry;
  before(async () => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
    host = configuredHost(tree, `${tree.root}/root`, 'http: {addr: "127.0.0.1:1"}\n');
    registry = await startFakeRegistry(tree, { args: ['serve', host.registry.config] });
  });
  after(async () => {
    await registry?.stop();
    tree?.remove();
  });

  const inCgroup = (line: string) => {
    writeFileSync(tree.at('cgroup').toString(), `${line}\n`);
    return `mount --bind '${tree.root}/cgroup' /proc/${registry.pid}/cgroup\n`;
  };

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe reads a registry’s output from docker's json-file`, { skip: shell.skip }, () => {
      const line = (text: string) =>
        `${JSON.stringify({ log: text, stream: 'stdout', time: '2026-11-24T04:00:00.5Z' })}\n`;
      const directory = `/var/lib/docker/containers/${CONTAINER}`;
      writeFileSync(
        tree.at('container.log').toString(),
        line(apache(1, 200, '/v2/a/manifests/1')) + line('FATA[0000] listen tcp :5000: bind: address already in use\n'),
      );
      const setup = `mount -t tmpfs x /var/lib\nmkdir -p ${directory}\ncp '${tree.root}/container.log' ${directory}/${CONTAINER}-json.log\n`;
      const there = elsewhere(shell, setup + inCgroup(`0::/system.slice/docker-${CONTAINER}.scope`));
      assert.partialDeepStrictEqual(knownLogs(factsOf(probe(there, host)).logs), {
        files: [{ name: `${directory}/${CONTAINER}-json.log` }],
        lastGoodStorage: { at: START + 1 },
        aborts: { complaint: 'port-taken', lastAt: START },
      });
    });

    test(`${shell.name}: the probe reads a registry’s output from the journal of its process’s unit`, {
      skip: shell.skip,
    }, () => {
      const bin = `${tree.root}/bin-${shell.name.replace(' ', '-')}`;
      mkdirSync(bin);
      writeFileSync(
        `${bin}/journalctl`,
        `#!/bin/sh\necho "$@" >>'${bin}/asked'\necho '${START}.000001 git01 docker-registry[7]: time="2026-11-24T04:00:00Z" level=fatal msg="listen tcp :5000: bind: address already in use"'\n`,
        { mode: 0o755 },
      );
      const there = elsewhere(
        shell,
        `mount -t tmpfs x /run\nmkdir -p /run/log/journal\n${inCgroup('0::/system.slice/my-registry.service')}`,
      );
      const facts = factsOf(probe(there, host, { path: `'${bin}':/usr/sbin:/usr/bin:/sbin:/bin` }));
      assert.match(readFileSync(`${bin}/asked`, 'utf8'), /-o short-unix -n \d+ -u my-registry\.service$/m);
      assert.partialDeepStrictEqual(knownLogs(facts.logs), {
        files: [{ name: 'journal', cut: true }],
        complaints: [{ complaint: 'port-taken', lastAt: START }],
      });
    });

    test(`${shell.name}: the probe reports a registry’s log as unknown if its output goes nowhere known`, {
      skip: shell.skip,
    }, () => {
      const there = elsewhere(shell, `mount -t tmpfs x /var/log\nmount -t tmpfs x /run\n${inCgroup('0::/')}`);
      assert.deepEqual(factsOf(probe(there, host)).logs, unknown('no-log-found'));
    });
  }
});
