import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const REPO = fileURLToPath(new URL('../../', import.meta.url));

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dependencies: z.record(z.string(), z.string()).default({}),
      optionalDependencies: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

/** Where Node looks for a package that the one at `from` imports. */
function places(from: string, name: string): readonly string[] {
  const nested = from
    .split('/node_modules/')
    .map((_, index, parts) => parts.slice(0, index + 1).join('/node_modules/'));
  return [...nested.map((at) => `${at}/node_modules/${name}`), `node_modules/${name}`];
}

test('the lock file holds every package for every platform, as `npm ci` requires', async () => {
  const { packages } = Lock.parse(JSON.parse(await readFile(join(REPO, 'package-lock.json'), 'utf8')));
  const missing = Object.entries(packages).flatMap(([from, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !places(from, name).some((place) => place in packages))
      .map((name) => `${name}, of ${from}`),
  );
  assert.deepEqual(missing, [], 'npm leaves out what its registry does not have for another platform; put it back');
});

test('every direct dependency has one exact version', async () => {
  const { dependencies, devDependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(join(REPO, 'package.json'), 'utf8')));
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+$/, name);
  }
});
