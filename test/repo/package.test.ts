import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { BARE_ENVIRONMENT } from '../support/bots/run-cli.ts';
import { SHIPPED_NODE_OPTIONS } from '../support/bots/shipped-node-options.ts';

const execute = promisify(execFile);
const REPO = fileURLToPath(new URL('../../', import.meta.url));
const BIN = join(REPO, packageJson.bin['registry-doctor']);

let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-package-'));
});

after(() => rm(directory, { recursive: true, force: true }));

const Packed = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })]);

async function pack(...options: readonly string[]) {
  const { stdout } = await execute('npm', ['pack', '--json', ...options], { cwd: REPO });
  return Packed.parse(JSON.parse(stdout))[0];
}

test('the npm package holds every file that the program needs, and nothing else', async () => {
  const { files } = await pack('--dry-run');
  const paths = files.map(({ path }) => path);
  // npm always puts these in.
  const others = paths.filter((path) => !path.startsWith('src/'));
  assert.deepEqual(others.toSorted(), ['LICENSE', 'README.md', 'README.zh-CN.md', 'package.json']);
  for (const path of ['src/registry-doctor.js', 'src/main.ts', 'src/host/scripts/apply/guard.sh']) {
    assert.ok(paths.includes(path), path);
  }
  assert.deepEqual(
    paths.filter((path) => /\.test\.|\.db$|\.env$|id_ed25519|config\.yml$/.test(path)),
    [],
  );
});

test('the npm package runs from node_modules without a warning', async () => {
  const { filename } = await pack('--pack-destination', directory);
  const modules = join(directory, 'node_modules');
  await mkdir(modules);
  await execute('tar', ['-xzf', join(directory, filename), '-C', modules]);
  // Its packages, as they were installed for this checkout.
  await symlink(join(REPO, 'node_modules'), join(modules, 'package', 'node_modules'));
  const bin = join(modules, 'package', packageJson.bin['registry-doctor']);
  const { stdout, stderr } = await execute(process.execPath, [bin, 'host', 'guard'], { env: BARE_ENVIRONMENT });
  assert.match(stdout, /^#!\/bin\/sh\n/);
  assert.equal(stderr, '');
});

test('npx runs the program in a checkout', async () => {
  const { stdout } = await execute('npx', ['--no-install', 'registry-doctor', '--version'], { cwd: REPO });
  assert.equal(stdout, `${packageJson.version}\n`);
});

test('the program runs through a global link to a checkout (npm link)', async () => {
  const link = join(directory, 'registry-doctor');
  await symlink(BIN, link);
  const { stdout } = await execute(link, ['--version'], { env: BARE_ENVIRONMENT });
  assert.equal(stdout, `${packageJson.version}\n`);
});

test('an old Node prints one sentence with the required version instead of a syntax error', async () => {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' }); import(${JSON.stringify(BIN)});`;
  const old = execute(process.execPath, ['-e', pretend], { env: BARE_ENVIRONMENT });
  await assert.rejects(old, {
    code: 2,
    stdout: '',
    stderr:
      /^registry-doctor needs Node 24 or newer, and this is Node 20\.20\.2 \(.*\)\. Nothing was done\. .*"npm ci" .* without --omit=dev.*\n$/,
  });
});

test('the npm scripts start a file that an old Node can read too, so that it can name the required version', () => {
  const { cli, start, demo } = packageJson.scripts;
  const file = packageJson.bin['registry-doctor'];
  assert.ok(demo.startsWith(`node ${file}`), demo);
  // V8 has had the option for longer than Node has read TypeScript.
  for (const script of [cli, start]) assert.ok(script.startsWith(`node ${SHIPPED_NODE_OPTIONS} ${file}`), script);
});
