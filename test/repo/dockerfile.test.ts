import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { z } from 'zod';
import { BARE_ENVIRONMENT } from '../support/bots/run-cli.ts';
import { SHIPPED_NODE_OPTIONS } from '../support/bots/shipped-node-options.ts';
import { incidentFacts } from '../support/facts/incident-facts.ts';

const REPO = fileURLToPath(new URL('../../', import.meta.url));
const CONFIG_IN_IMAGE = '/etc/registry-doctor/config.yml';

type Instruction = { readonly name: string; readonly value: string };
type Stage = { readonly from: string; readonly instructions: readonly Instruction[] };

/** The stages of the Dockerfile; lines that end in a backslash go on in the next one. */
async function stages(): Promise<readonly Stage[]> {
  const text = await readFile(join(REPO, 'Dockerfile'), 'utf8');
  const instructions = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): Instruction => {
      const [, name = '', value = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? assert.fail(`not an instruction: ${line}`);
      return { name, value: value.replace(/ +/g, ' ') };
    });
  const found: { from: string; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') found.push({ from: instruction.value, instructions: [] });
    else (found.at(-1) ?? assert.fail('an instruction before the first FROM')).instructions.push(instruction);
  }
  return found;
}

function values(stage: Stage | undefined, name: string): readonly string[] {
  return (stage?.instructions ?? []).filter((one) => one.name === name).map(({ value }) => value);
}

/** The words of an instruction in exec form. */
function exec(value: string | undefined): readonly string[] {
  return z
    .array(z.string())
    .min(1)
    .parse(JSON.parse(value ?? ''));
}

describe('the Dockerfile', () => {
  let build: Stage | undefined;
  let image: Stage | undefined;
  let stageCount: number;

  before(async () => {
    const all = await stages();
    stageCount = all.length;
    [build, image] = all;
  });

  test('the Docker image is built in a stage for the packages and a small final one, on a Node that runs TypeScript', () => {
    assert.equal(stageCount, 2);
    assert.equal(build?.from, 'node:24-alpine AS dependencies');
    assert.equal(image?.from, 'node:24-alpine');
  });

  test('the Docker image holds exactly the lock file’s production packages, installed without install scripts', () => {
    assert.deepEqual(values(build, 'RUN'), ['npm ci --omit=dev --ignore-scripts']);
    assert.deepEqual(values(build, 'COPY'), ['package.json package-lock.json .npmrc ./']);
  });

  test('the Docker image holds only the packages, package.json and src/', () => {
    assert.deepEqual(values(image, 'COPY'), [
      '--from=dependencies /app/node_modules ./node_modules',
      'package.json ./',
      'src ./src',
    ]);
  });

  test('the Docker image has ssh-keygen, for the signatures of approvers', () => {
    assert.ok(values(image, 'RUN').includes('apk add --no-cache openssh-keygen'));
  });

  test('the Docker image runs as a numeric user other than root, set after the last change to its files', () => {
    const names = image?.instructions.map(({ name }) => name) ?? [];
    assert.deepEqual(values(image, 'USER'), ['1000:1000']);
    assert.ok(!names.slice(names.indexOf('USER')).includes('RUN'));
  });

  test('the Docker image starts the bot directly, without a shell, so that Node gets the signals', () => {
    assert.deepEqual(exec(values(image, 'ENTRYPOINT')[0]), ['node', '/app/src/main.ts']);
    assert.deepEqual(exec(values(image, 'CMD')[0]), ['serve', '--config', CONFIG_IN_IMAGE]);
  });

  test('the Dockerfile runs Node with the options that were measured', () => {
    assert.ok(values(image, 'ENV').includes(`NODE_OPTIONS=${SHIPPED_NODE_OPTIONS}`));
  });

  test('the Docker image’s health check asks the running bot', () => {
    const [, command] = values(image, 'HEALTHCHECK')[0]?.split(' CMD ') ?? [];
    assert.deepEqual(exec(command), ['node', '/app/src/main.ts', 'health', '--config', CONFIG_IN_IMAGE]);
  });

  test('the Docker build context holds every file that the image copies, and no secret or database', async () => {
    const lines = (await readFile(join(REPO, '.dockerignore'), 'utf8'))
      .split('\n')
      .filter((line) => /^[^#]/.test(line));
    assert.deepEqual(lines, ['*', '!package.json', '!package-lock.json', '!.npmrc', '!src/']);
  });
});

/** There is no Docker here: the same commands, on the same files, in a directory. */
describe('the content of the Docker image', () => {
  let app: string;

  before(async () => {
    app = await mkdtemp(join(tmpdir(), 'rd-image-'));
    for (const file of ['package.json', 'package-lock.json', '.npmrc', 'src']) {
      await cp(join(REPO, file), join(app, file), { recursive: true });
    }
    // As in the image; the packages are in npm's cache since they were installed for this checkout.
    const installed = await run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline'], process.env);
    assert.equal(installed.status, 0, installed.stderr);
  });
  after(() => rm(app, { recursive: true, force: true }));

  type Result = { readonly status: number; readonly stdout: string; readonly stderr: string };

  function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Result> {
    return new Promise((resolve) => {
      const child = execFile(command, args, { cwd: app, env }, (_, stdout, stderr) => {
        resolve({ status: child.exitCode ?? -1, stdout, stderr });
      });
    });
  }

  const entry = (...args: string[]) => run(process.execPath, [join(app, 'src/main.ts'), ...args], BARE_ENVIRONMENT);

  test('the Docker image holds no development-only package', async () => {
    const packages = await readdir(join(app, 'node_modules'));
    for (const name of ['typescript', '@biomejs', 'dependency-cruiser', 'node', 'emulate']) {
      assert.ok(!packages.includes(name), name);
    }
  });

  test('the command line works inside the Docker image', async () => {
    const { status, stdout } = await entry('--help');
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: registry-doctor/);
  });

  test('a diagnosis works inside the Docker image', async () => {
    const facts = join(app, 'facts.json');
    await writeFile(facts, JSON.stringify(incidentFacts()));
    const { status, stdout } = await entry('diagnose', '--facts', facts, '--json');
    assert.equal(status, 1);
    assert.equal(JSON.parse(stdout).verdict, 'faulty');
  });

  test('the bot in the Docker image serves, reports its health and ends on SIGTERM', async () => {
    const config = join(app, 'config.yml');
    const host = { address: '127.0.0.1', user: 'u', identityFile: 'id', registry: { layout: 'omnibus' } };
    await writeFile(
      config,
      stringify({
        slack: { mode: 'socket', incidentChannel: 'C0123456' },
        store: { url: 'sqlite:./r.db' },
        ssh: { knownHosts: 'known_hosts' },
        hosts: { git01: host },
      }),
    );
    const environment = {
      ...BARE_ENVIRONMENT,
      SLACK_BOT_TOKEN: 'xoxb-1-a',
      SLACK_APP_TOKEN: 'xapp-1-a',
      // Port 1, tcpmux: nothing listens there.
      SLACK_API_URL: 'http://127.0.0.1:1/api/',
    };
    const bot = spawn(process.execPath, [join(app, 'src/main.ts'), 'serve', '--config', config], { env: environment });
    const ended = once(bot, 'exit');
    const said: string[] = [];
    for await (const line of createInterface(bot.stdout)) {
      said.push(line);
      if (line.includes('Slack can’t be reached')) break;
    }
    assert.ok(said.at(-1)?.includes('Slack can’t be reached'), said.join('\n'));
    // Said only once it is true.
    assert.ok(!said.some((line) => line.includes('"msg":"serving"')));
    // The health check of the image: a record that can be written, and no Slack.
    const health = await entry('health', '--config', config);
    assert.deepEqual(
      { status: health.status, stdout: health.stdout.split('\n')[0] },
      { status: 1, stdout: 'store: healthy' },
    );
    assert.match(health.stdout, /^slack: unhealthy: not connected to Slack: no answer from Slack: /m);
    // `docker stop`.
    bot.stdout.resume();
    bot.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });
});
