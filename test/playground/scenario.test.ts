import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../src/config/read-config.ts';
import { HostName } from '../../src/model/record/ids.ts';
import { buildScenario, type Scenario } from '../../src/playground/scenario/build-scenario.ts';
import { skipUnless } from '../support/requirements.ts';
import { answerOf } from '../support/services/http-answer.ts';

const UNAVAILABLE =
  '{"errors":[{"code":"UNAVAILABLE","message":"service unavailable",' +
  '"detail":"health check failed: please see /debug/health"}]}';

/** An account without a line in passwd(5), as a container's user often is. */
const ORDINARY_USER = ['--reuid', '64200', '--regid', '64200', '--clear-groups'];
const ORDINARY_PROGRAM = fileURLToPath(new URL('scenario-as-ordinary-user.ts', import.meta.url));

describe('the practice scenario', { skip: skipUnless('linux') }, () => {
  test('the practice registry fails on a real denial, with a real registry’s message, until every blocked directory is opened', async () => {
    await withScenario(async ({ registry, tree }) => {
      assert.deepEqual(await answerOf(`${registry.url}/v2/`, 503), UNAVAILABLE);
      assert.deepEqual(JSON.parse(await answerOf(`${registry.debugUrl}/debug/health`, 503)), {
        storagedriver_filesystem: `filesystem: stat ${tree.storageRoot}: permission denied`,
      });
      for (const { path } of tree.closed) chmodSync(path, 0o755);
      assert.equal(await answerOf(`${registry.url}/v2/`, 200), '{}');
      assert.equal(await answerOf(`${registry.debugUrl}/debug/health`, 200), '{}');
    });
  });

  test('the practice registry stays unhealthy while one of its directories is still blocked', {
    skip: skipUnless('root'),
  }, async () => {
    await withScenario(async ({ registry, tree }) => {
      const [first] = tree.closed;
      assert.equal(tree.closed.length, 2);
      chmodSync(first?.path ?? '', 0o755);
      await answerOf(`${registry.url}/v2/`, 503);
    });
  });

  test('the bot recognizes the practice registry’s process by its name and command line', async () => {
    await withScenario(async ({ registry }) => {
      assert.equal(readFileSync(`/proc/${registry.pid}/comm`, 'utf8'), 'registry\n');
      const argv = readFileSync(`/proc/${registry.pid}/cmdline`, 'utf8').split('\0');
      assert.match(argv[0] ?? '', /\/registry$/);
      assert.deepEqual(argv.slice(2, 4), ['serve', registry.configFile]);
    });
  });

  test('the practice registry runs without root, extra groups or capabilities', {
    skip: skipUnless('root'),
  }, async (context) => {
    const ownGroups = process.getgroups?.() ?? [];
    context.after(() => process.setgroups?.(ownGroups));
    process.setgroups?.([4, 24]);
    await withScenario(async ({ registry, service }) => {
      const status = readFileSync(`/proc/${registry.pid}/status`, 'utf8');
      const field = (name: string) => status.match(new RegExp(`^${name}:[\\t ]*(.*?)[\\t ]*$`, 'm'))?.[1];
      const id = String(service?.uid);
      assert.equal(field('Uid'), [id, id, id, id].join('\t'));
      assert.equal(field('Gid'), [id, id, id, id].join('\t'));
      assert.equal(field('Groups'), '');
      assert.match(field('CapEff') ?? '', /^0+$/);
    });
  });

  test('the practice scenario writes a valid bot config for the host that it created', async () => {
    await withScenario(async ({ host, hostName, registry, scratch, writeBotConfig }) => {
      const choices = { slack: { mode: 'http', port: 3000 }, incidentChannel: 'C0123456', approvers: ['U1'] } as const;
      const outcome = await readConfig(writeBotConfig({ ...choices, watchIntervalSeconds: 5 }));
      assert.ok(outcome.kind === 'config');
      const settings = outcome.config.hosts.get(HostName.parse(hostName));
      const { address, port, user, identityFile } = host;
      assert.deepEqual(settings?.ssh, {
        ...{ address, port, user, identityFile },
        ...{ passphraseFile: null, jumps: [], sudo: false },
      });
      assert.equal(settings.registry.config, registry.configFile);
      assert.deepEqual(settings.watch, { intervalSeconds: 5, url: null, blindMinutes: 10, deepLookMinutes: 60 });
      assert.equal(outcome.config.ssh.knownHosts, host.knownHostsFile);
      assert.equal(outcome.config.store?.url, `sqlite:${scratch}/registry-doctor.db`);
    });
  });

  test('the practice scenario removes all of its files, whatever modes its directories have', async () => {
    const scenario = await buildScenario();
    for (const { path } of scenario.tree.closed) chmodSync(path, 0o000);
    await scenario.remove();
    assert.equal(existsSync(scenario.scratch), false);
    assert.equal(existsSync(`/proc/${scenario.registry.pid}`), false);
  });

  test('the practice scenario works for a user who is not root', { skip: whyNoOrdinaryUser() }, async () => {
    const { code, stdout, stderr } = await runAsOrdinaryUser();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.deepEqual(JSON.parse(stdout), {
      service: null,
      closed: ['600'],
      words: 'permission denied',
      login: 'ok',
      recovered: true,
      leftBehind: false,
    });
  });
});

async function withScenario(work: (scenario: Scenario) => Promise<void>): Promise<void> {
  const scenario = await buildScenario();
  try {
    await work(scenario);
  } finally {
    await scenario.remove();
  }
}

function whyNoOrdinaryUser(): string | false {
  const missing = skipUnless('root', 'setpriv');
  if (missing) return missing;
  const program = ['sh', '-c', 'test -x "$1" && test -r "$2"', 'sh', process.execPath, ORDINARY_PROGRAM];
  if (spawnSync('setpriv', [...ORDINARY_USER, ...program]).status === 0) return false;
  return 'no other account can read this checkout';
}

async function runAsOrdinaryUser() {
  const child = spawn('setpriv', [...ORDINARY_USER, process.execPath, ORDINARY_PROGRAM], { cwd: '/', env: {} });
  const exit = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exit;
  return { stdout, stderr, code };
}
