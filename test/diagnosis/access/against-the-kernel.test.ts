import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seedOfRun } from '../../support/random.ts';
import { missingRequirements, skipUnless } from '../../support/requirements.ts';
import type { Disagreement } from '../../support/worlds/campaign.ts';
import { ALONE_WITH_LINK_PROTECTION } from '../../support/worlds/machine-lock.ts';
import type { CampaignRun, MutantsRun, RegressionsRun } from '../../support/worlds/run.ts';

/**
 * The evaluator against the kernel, over random worlds and identities: stat, search, list and create by a whole path, also inside a
 * storage through links and over mounts, search in each directory alone, and reading, writing and making files beside the storage. RD_CASES=300000 makes it a long run, RD_SEED repeats one.
 */
const SEED = seedOfRun();
const RUN = fileURLToPath(new URL('../../support/worlds/run.ts', import.meta.url));

/** Answers and reasons that have to come up, or the worlds test nothing. */
const ALWAYS = [
  ...['stat ok', 'stat EACCES', 'stat ENOENT', 'stat ENOTDIR', 'stat ELOOP', 'search EACCES'],
  ...['list ok', 'list EACCES', 'create ok', 'create EACCES'],
  ...['stat ok', 'stat EACCES', 'stat ENOENT', 'create ok', 'create EACCES'].map(
    (answer) => `inside the storage ${answer}`,
  ),
  ...['use ok', 'use EACCES', 'use ENOENT', 'use ENOTDIR', 'use EISDIR'].map((answer) => `beside it ${answer}`),
  ...['owner', 'group', 'other', 'named-user', 'named-group', 'capability', 'symlink', 'loop'].map(
    (by) => `because of ${by}`,
  ),
];
const WITH_MOUNTS = ['create EROFS', 'beside it use EROFS', 'because of nosymfollow'];
const WITH_ATTRIBUTES = ['create EPERM'];
const FEW_ACTS = 8;

describe('the computed access and the kernel’s own answer agree', {
  skip: skipUnless('linux', 'root', 'acl', 'setpriv', 'lsattr'),
}, () => {
  test('the computed access agrees with the kernel on random directory trees, modes and identities', async (t) => {
    const { means, reports } = await run<CampaignRun>('campaign');
    for (const { disagreement } of reports) if (disagreement) assert.fail(toldOf(disagreement));
    const seen = reports.flatMap((report) => Object.entries(report.seen));
    const expected = [...ALWAYS, ...(means.mounts ? WITH_MOUNTS : []), ...(means.attributes ? WITH_ATTRIBUTES : [])];
    const names = new Set(seen.map(([name]) => name));
    assert.deepEqual(
      expected.filter((name) => !names.has(name)),
      [],
      `never came up, RD_SEED=${SEED}`,
    );
    if (reports.length > 1) assert.ok(names.has('because of protected-symlink'), `RD_SEED=${SEED}`);
    const cases = reports.reduce((sum, report) => sum + report.cases, 0);
    t.diagnostic(`RD_SEED=${SEED}: ${cases} cases, 0 disagreements; ${JSON.stringify(means)}`);
    for (const report of reports) t.diagnostic(JSON.stringify(report.seen));
  });

  test('the computed access agrees with the kernel in every case in which they once differed', async () => {
    const told = await run<RegressionsRun>('regressions');
    assert.deepEqual(
      Object.entries(told).filter(([, difference]) => difference !== null),
      [],
    );
  });

  test('the comparison with the kernel detects a computation of access with a missing rule', async (t) => {
    for (const [name, found] of Object.entries(await run<MutantsRun>('mutants'))) {
      await t.test(
        `the comparison with the kernel detects a computation of access with the defect: ${name}`,
        (subtest) => {
          if (found === 'needs more than this machine allows') return subtest.skip(found);
          assert.ok(found, `RD_SEED=${SEED}: not found out`);
          const { acts } = found.smallest;
          subtest.diagnostic(`${found.difference}; ${found.found.acts.length} acts became ${acts.length}`);
          assert.ok(acts.length <= FEW_ACTS, toldOf(found));
        },
      );
    }
  });
});

/**
 * Mounts vanish with the namespace; where the machine grants none, worlds have none.
 */
async function run<Run>(what: 'campaign' | 'mutants' | 'regressions'): Promise<Run> {
  const unshare = ['unshare', '--mount', '--propagation', 'private'];
  const prefix = missingRequirements(['mount-namespaces']).length === 0 ? unshare : [];
  const [command = '', ...args] = [...ALONE_WITH_LINK_PROTECTION, ...prefix, process.execPath, RUN, what];
  const env = { ...process.env, RD_SEED: String(SEED) };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  assert.equal(status, 0, `the run ended with ${status}, RD_SEED=${SEED}`);
  return JSON.parse(output);
}

function toldOf({ difference, smallest, seenAgain }: Disagreement): string {
  const regression = JSON.stringify({ title: 'TELL THE RULE', ...smallest }, null, 2);
  const once = seenAgain ? '' : ' (asked again, they agreed)';
  return `RD_SEED=${SEED}: ${difference}${once}\nFor test/diagnosis/access/kernel-regressions.ts:\n${regression},`;
}
