import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import type { Plan, PlanStep } from '../../../../src/model/plan/plan.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { HOSTILE_NAMES } from '../../hostile-names.ts';
import { samplePlan } from '../../sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { DASH, inTurn, SHELLS } from '../../shells.ts';
import { reasonOf } from '../guard/guard-reason-of.ts';
import { apply, applyAfter, brief, claimOf, forget, outcome } from './apply-run.ts';
import { modesStep, ownersBelow, treeStep } from './tree-step.ts';

const skip = skipUnless('linux', 'root', 'setpriv');
const SERVICE = '48211:48212';

describe('the guard applies a plan that gives a directory tree to the service', { skip }, () => {
  let tree: ScratchTree;
  let root: Buffer;
  let docker: Buffer;
  const plans: Plan[] = [];

  beforeEach(() => {
    tree = new ScratchTree();
    root = tree.directory(tree.at('root'));
    chownSync(root, 48211, 48212);
    docker = tree.directory(tree.at('root/docker'));
    for (const path of ['v2', 'v2/blobs', 'v2/blobs/ab', 'v2/repositories', 'v2/repositories/app']) {
      tree.directory(tree.at('root/docker', ...path.split('/')));
    }
    writeFileSync(tree.at('root/docker/v2/blobs/ab/data'), 'layer', { mode: 0o600 });
    writeFileSync(tree.at('root/docker/v2/repositories/app/link'), 'sha256:ab', { mode: 0o644 });
    // What the service has made itself.
    tree.directory(tree.at('root/docker/v2/own'));
    chownSync(tree.at('root/docker/v2/own'), 48211, 48212);
    // Beside the tree, as on a disk of its own.
    tree.directory(tree.at('root/lost+found'), 0o700);
  });
  afterEach(() => tree.remove());
  after(() => forget(plans));

  const planOf = (...steps: PlanStep[]): Plan => {
    const plan = samplePlan({ steps, storageRoot: hostPath(root), risk: 'high' });
    plans.push(plan);
    return plan;
  };
  const wholeTree = () => treeStep(docker, '0:0', '48211:0');
  const GIVEN = {
    '.': '48211:0',
    '/v2': '48211:0',
    '/v2/blobs': '48211:0',
    '/v2/blobs/ab': '48211:0',
    '/v2/blobs/ab/data': '48211:0',
    '/v2/own': SERVICE,
    '/v2/repositories': '48211:0',
    '/v2/repositories/app': '48211:0',
    '/v2/repositories/app/link': '48211:0',
  };
  const BEFORE = Object.fromEntries(
    Object.entries(GIVEN).map(([path, owner]) => [path, owner === SERVICE ? SERVICE : '0:0']),
  );
  const expectUntouched = () => {
    assert.deepEqual(ownersBelow(docker), BEFORE);
    assert.deepEqual(readdirSync(docker), ['v2']);
  };

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      test('the guard gives every listed entry of a tree its new owner, keeps its group and touches nothing else', () => {
        const plan = planOf(wholeTree());
        assert.deepEqual(brief(apply(shell, plan)), {
          kind: 'applied',
          steps: [{ path: hostPath(docker), before: '0:0', after: '48211:0' }],
          tried: { result: 'allowed' },
        });
        assert.deepEqual(ownersBelow(docker), GIVEN);
        assert.deepEqual(ownersBelow(tree.at('root/lost+found')), { '.': '0:0' });
        assert.deepEqual(readdirSync(docker), ['v2']);
        assert.equal(outcome(shell, plan).kind, 'applied');
      });

      test('the guard saves a tree’s entries with their previous owners before it changes the first one', () => {
        const plan = planOf(wholeTree());
        apply(shell, plan);
        const [list = '', ...others] = readdirSync(claimOf(plan)).filter((name) => name.startsWith('list-'));
        assert.deepEqual(others, []);
        const lines = readFileSync(`${claimOf(plan)}/${list}`, 'utf8')
          .trim()
          .split('\n');
        assert.equal(lines.length, 8);
        assert.ok(lines.every((line) => /^\d+ 0 0 /.test(line)));
      });

      test('the guard changes several pairs of owner and group in one tree', () => {
        chownSync(tree.at('root/docker/v2/repositories/app/link'), 0, 7);
        const plan = planOf(wholeTree(), treeStep(docker, '0:7', '48211:7'));
        assert.equal(apply(shell, plan).kind, 'applied');
        assert.deepEqual(ownersBelow(docker), { ...GIVEN, '/v2/repositories/app/link': '48211:7' });
      });

      test('the guard rolls a change of a tree’s owners back if the service still can’t use a directory in it', () => {
        chmodSync(tree.at('root/docker/v2/blobs'), 0o500);
        const plan = planOf(wholeTree());
        assert.deepEqual(brief(apply(shell, plan)), {
          kind: 'undone',
          why: reasonOf('tree-still-closed'),
          steps: [{ path: hostPath(docker), before: '0:0', after: '0:0' }],
        });
        expectUntouched();
      });

      test('a change of a tree’s owners is out of date if an entry came, went or changed since', () => {
        const link = tree.at('root/docker/v2/repositories/app/link');
        const changes: [what: string, change: () => void, back: () => void][] = [
          ['came', () => writeFileSync(tree.at('root/docker/new'), ''), () => unlinkSync(tree.at('root/docker/new'))],
          ['changed its mode', () => chmodSync(link, 0o640), () => chmodSync(link, 0o644)],
          ['changed its owner', () => chownSync(link, 5, 5), () => chownSync(link, 0, 0)],
        ];
        for (const [what, change, back] of changes) {
          const plan = planOf(wholeTree());
          change();
          assert.partialDeepStrictEqual(
            apply(shell, plan),
            { kind: 'stale', path: hostPath(docker), expected: 'entries 8 0:0' },
            what,
          );
          back();
          expectUntouched();
        }
      });

      const REFUSED: [what: string, why: string, prepare: () => PlanStep[]][] = [
        [
          'a file has a second name',
          'odd-entry',
          () => {
            writeFileSync(tree.at('elsewhere'), '');
            linkSync(tree.at('elsewhere'), tree.at('root/docker/v2/second'));
            return [wholeTree()];
          },
        ],
        [
          'an entry is a symlink',
          'odd-entry',
          () => {
            symlinkSync('/etc/shadow', tree.at('root/docker/v2/link'));
            return [wholeTree()];
          },
        ],
        [
          'entries would go to another account than the service',
          'foreign-owner',
          () => [treeStep(docker, '0:0', '48299:0')],
        ],
        ['their group would change', 'step-contradicts-itself', () => [treeStep(docker, '0:0', SERVICE)]],
        ['it has two steps for the same owner', 'two-steps-for-one directory', () => [wholeTree(), wholeTree()]],
        [
          'there are too many entries',
          'tree-entry-count',
          () => [
            treeStep(docker, '0:0', '48211:0', {
              tree: { entries: 20_001, digest: 'a'.repeat(64) },
            } as Partial<PlanStep>),
          ],
        ],
      ];
      for (const [what, why, prepare] of REFUSED) {
        test(`the guard refuses a change of a tree’s owners if ${what}`, () => {
          assert.deepEqual(apply(shell, planOf(...prepare())), { kind: 'refused', why: reasonOf(why) });
          assert.equal(ownersBelow(docker)['/v2/blobs'], '0:0');
        });
      }

      test('the guard resets modes in a tree only on entries that the service owns and that have 0777', () => {
        execFileSync('chown', ['-R', '48211:48212', docker.toString()]);
        execFileSync('chmod', ['-R', '777', docker.toString()]);
        chownSync(tree.at('root/docker/v2/blobs'), 0, 0);
        chmodSync(tree.at('root/docker/v2/own'), 0o700);
        const plan = planOf(modesStep(docker, 'directory', '0755'), modesStep(docker, 'file', '0644'));
        assert.partialDeepStrictEqual(apply(shell, plan), {
          kind: 'applied',
          steps: [
            { before: '0777', after: '0755' },
            { before: '0777', after: '0644' },
          ],
        });
        const mode = (path: string) => modeOf(tree.at('root/docker', ...path.split('/')));
        assert.deepEqual(['v2', 'v2/blobs', 'v2/blobs/ab', 'v2/blobs/ab/data', 'v2/own'].map(mode), [
          '0755',
          '0777',
          '0755',
          '0644',
          '0700',
        ]);
      });

      test('the guard resets no mode in a tree if that would leave an entry open to everyone or closed to its owner', () => {
        execFileSync('chown', ['-R', '48211:48212', docker.toString()]);
        execFileSync('chmod', ['-R', '777', docker.toString()]);
        for (const step of [
          modesStep(docker, 'directory', '0757'),
          modesStep(docker, 'directory', '0555'),
          modesStep(docker, 'file', '4644'),
        ]) {
          assert.deepEqual(apply(shell, planOf(step)), { kind: 'refused', why: reasonOf('step-contradicts-itself') });
        }
      });

      test('the guard takes names in a tree literally', () => {
        for (const { bytes } of HOSTILE_NAMES.filter((name) => !name.bytes.includes(0x0a))) {
          tree.directory(tree.at('root/docker', bytes));
          writeFileSync(tree.at('root/docker', bytes, bytes), '');
        }
        const plan = planOf(wholeTree());
        assert.equal(apply(shell, plan).kind, 'applied');
        const owners = new Set(Object.values(ownersBelow(docker)));
        assert.deepEqual(owners, new Set(['48211:0', SERVICE]));
        assert.equal(existsSync('pwned'), false);
      });

      test('the guard refuses a change of a tree’s owners if a name in it has a newline', () => {
        tree.directory(tree.at('root/docker/new\nline'));
        assert.partialDeepStrictEqual(apply(shell, planOf(wholeTree())), { kind: 'refused' });
      });
    });
  }

  test('the guard refuses a change of a tree’s owners if anything is mounted below it, even the same filesystem', () => {
    const prepared = `mkdir '${tree.root}/other' && mount --bind '${tree.root}/other' '${docker}/v2/own'`;
    assert.deepEqual(applyAfter(prepared, planOf(wholeTree())), {
      kind: 'refused',
      why: reasonOf('mount-below'),
    });
    expectUntouched();
  });

  test('the guard rolls a change of a tree’s owners back if the filesystem refuses writes', () => {
    const prepared = `mount --bind '${root}' '${root}' && mount -o remount,ro,bind '${root}'`;
    assert.partialDeepStrictEqual(applyAfter(prepared, planOf(wholeTree())), { kind: 'undone' });
    expectUntouched();
  });

  test('the guard changes thousands of entries of a tree within seconds', (t) => {
    execFileSync('sh', [
      '-c',
      'cd "$1" && for a in $(seq 1 30); do mkdir -p v2/blobs/$a && (cd v2/blobs/$a && mkdir $(seq 1 40) && for b in $(seq 1 40); do echo x >$b/data; done); done',
      'sh',
      docker.toString(),
    ]);
    const plan = planOf(wholeTree());
    const began = performance.now();
    assert.equal(apply(DASH, plan).kind, 'applied');
    t.diagnostic(`${Object.keys(ownersBelow(docker)).length} entries in ${Math.round(performance.now() - began)} ms`);
    assert.deepEqual(new Set(Object.values(ownersBelow(docker))), new Set(['48211:0', SERVICE]));
  });
});
