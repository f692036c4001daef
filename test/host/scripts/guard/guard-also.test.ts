import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, lchownSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplyOutcome } from '../../../../src/model/plan/execution.ts';
import type { AlsoUsed, Plan, PlanStep } from '../../../../src/model/plan/plan.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { InstalledGuard } from '../../installed-guard.ts';
import { chmodStep, PERMITTED_SERVICE, reverseOf, SERVICE, samplePlan } from '../../sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { inTurn, SHELLS } from '../../shells.ts';
import { forget } from '../apply/apply-run.ts';
import { fileAclStep, fileModeStep, READABLE_BY_SERVICE, uses } from '../apply/file-step.ts';
import { reasonOf } from './guard-reason-of.ts';
import { sleeping } from './sleeping.ts';

/** What an installed guard opens beside the storage: what its host permits, and no more, no matter who has the bot's key and the registry. */

const skip = skipUnless('linux', 'root', 'setpriv', 'ssh-keygen', 'acl');

describe('an installed guard and files outside the storage', { skip }, () => {
  let guard: InstalledGuard;
  let tree: ScratchTree;
  let root: Buffer;
  let htpasswd: Buffer;
  const plans: Plan[] = [];
  before(() => {
    guard = new InstalledGuard();
  });
  beforeEach(() => {
    tree = new ScratchTree();
    root = tree.directory(tree.at('storage'));
    htpasswd = tree.at('auth/htpasswd');
    tree.directory(tree.at('auth'));
    writeFileSync(htpasswd, '');
    chmodSync(htpasswd, 0o600);
    guard.permit(`${PERMITTED_SERVICE} ${root}`, `${PERMITTED_SERVICE} file ${htpasswd}`);
  });
  afterEach(() => tree.remove());
  after(() => {
    forget(plans);
    guard.remove();
  });

  const planOf = (steps: readonly PlanStep[], also: readonly AlsoUsed[], parts: Partial<Plan> = {}): Plan => {
    const plan = samplePlan({ steps: [...steps], also: [...also], storageRoot: hostPath(root), ...parts });
    plans.push(plan);
    return plan;
  };
  const aclPlan = (parts: Partial<Plan> = {}) =>
    planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)], [uses('read', htpasswd)], parts);
  const refused = (told: ApplyOutcome, why: string) => assert.deepEqual(told, { kind: 'refused', why: reasonOf(why) });
  const unnamed = (file = htpasswd, account = PERMITTED_SERVICE) =>
    `file-not-permitted ${guard.at('guard')}/permitted_storage ${account} ${file}`;
  /** What the service may write is believed once it has not changed for a while. */
  const quiet = async (...paths: readonly Buffer[]) => {
    while (paths.some((path) => statSync(path).ctimeMs > Date.now() - 3000)) await sleep(100);
  };
  /** The registry's own tree, with `blobs` a link to a directory of another disk that is closed. */
  const linkedBlobs = (owner: number) => {
    const disk = tree.directory(tree.at('disk'), 0o700);
    chownSync(tree.directory(tree.at('disk/blobs')), SERVICE.uid, SERVICE.gid);
    const docker = tree.directory(tree.at('storage/docker'));
    const blobs = tree.link(tree.at('storage/docker/blobs'), '../../disk/blobs');
    lchownSync(blobs, owner, 0);
    return { disk, docker, blobs };
  };

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      test('an installed guard opens a file that its host permits, for a registry with or without a storage', () => {
        assert.equal(guard.apply(shell, guard.signed(aclPlan())).kind, 'applied');
        assert.equal(
          guard.apply(
            shell,
            guard.signed(
              planOf([chmodStep(tree.directory(tree.at('x'), 0o700), '0701')], [uses('read', htpasswd)], {
                storageRoot: null,
              }),
            ),
          ).kind,
          'refused',
        );
      });

      const OTHERS: Readonly<Record<string, () => readonly string[]>> = {
        'another file': () => [
          `${PERMITTED_SERVICE} file ${htpasswd}.old`,
          `${PERMITTED_SERVICE} file ${tree.at('auth')}`,
        ],
        'it as a storage only': () => [
          `${PERMITTED_SERVICE} ${htpasswd}`,
          `${PERMITTED_SERVICE} directory ${htpasswd}`,
        ],
      };
      for (const [what, lines] of Object.entries(OTHERS)) {
        test(`an installed guard opens no file if its host permits ${what}, no matter who signed the plan`, () => {
          guard.permit(`${PERMITTED_SERVICE} ${root}`, ...lines());
          refused(guard.apply(shell, guard.signed(aclPlan())), unnamed());
          assert.equal(modeOf(htpasswd), '0600');
        });
      }

      test('an installed guard opens no file to an account for which the host does not permit it', () => {
        guard.permit(`${PERMITTED_SERVICE} ${root}`, `nobody file ${htpasswd}`, `0 file ${htpasswd}`);
        refused(guard.apply(shell, guard.signed(aclPlan())), unnamed());
      });

      test('an installed guard does not take a line that permits a file as one that permits a storage', () => {
        guard.permit(`${PERMITTED_SERVICE} file ${root}`);
        const told = guard.apply(shell, guard.signed(aclPlan()));
        refused(told, `storage-not-permitted ${guard.at('guard')}/permitted_storage`);
      });

      test('an installed guard lets everyone read a file only if its host calls it public, whatever the plan says', () => {
        const plan = () => planOf([fileModeStep(htpasswd, '0604')], [uses('read', htpasswd)]);
        refused(guard.apply(shell, guard.signed(plan())), `file-not-public ${guard.at('guard')}/permitted_storage`);
        assert.equal(modeOf(htpasswd), '0600');
        guard.permit(`${PERMITTED_SERVICE} ${root}`, `${PERMITTED_SERVICE} public-file ${htpasswd}`);
        assert.equal(guard.apply(shell, guard.signed(plan())).kind, 'applied');
      });

      test('the guard refuses to undo a change to a file once its permit is withdrawn', () => {
        const plan = aclPlan();
        assert.equal(guard.apply(shell, guard.signed(plan)).kind, 'applied');
        guard.permit(`${PERMITTED_SERVICE} ${root}`);
        const undo = { ...reverseOf(plan), also: plan.also };
        plans.push(undo);
        refused(guard.apply(shell, guard.signed(undo)), unnamed());
      });

      test('an installed guard checks permits for a containerized registry’s file against the host’s path of that file', async (t) => {
        const own = ['--reuid', `${SERVICE.uid}`, '--regid', `${SERVICE.gid}`, '--groups', SERVICE.groups.join(',')];
        const process = await sleeping(t, ['setpriv', ...own]);
        tree.link(tree.at('seen'), 'auth');
        const also = [uses('read', tree.at('seen/htpasswd'))];
        const plan = () => planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)], also, { process });
        guard.permit(`${PERMITTED_SERVICE} ${root}`);
        refused(guard.apply(shell, guard.signed(plan())), unnamed(tree.at('seen/htpasswd')));
        guard.permit(`${PERMITTED_SERVICE} ${root}`, `${PERMITTED_SERVICE} file ${htpasswd}`);
        assert.equal(guard.apply(shell, guard.signed(plan())).kind, 'applied');
      });

      test('an installed guard opens the target of a root-owned symlink in the storage', () => {
        const { disk, blobs } = linkedBlobs(0);
        const plan = planOf([chmodStep(disk, '0711')], [uses('directory', blobs)]);
        assert.equal(guard.apply(shell, guard.signed(plan)).kind, 'applied');
      });

      test('an installed guard opens no directory outside the storage’s docker directory', () => {
        const { disk } = linkedBlobs(0);
        const docker = tree.at('storage/docker');
        for (const path of [disk, root, Buffer.from(`${docker}x`), Buffer.from(`${docker}/../../disk/blobs`)]) {
          const plan = planOf([chmodStep(disk, '0711')], [uses('directory', path)]);
          refused(guard.apply(shell, guard.signed(plan)), 'directory-beside-storage');
        }
        assert.equal(modeOf(disk), '0700');
      });

      test('an installed guard follows no symlink in the storage that the service owns, no matter who signed the plan', () => {
        const { disk, blobs } = linkedBlobs(SERVICE.uid);
        const plan = planOf([chmodStep(disk, '0711')], [uses('directory', blobs)]);
        refused(guard.apply(shell, guard.signed(plan)), `link-of-service ${blobs}`);
        assert.equal(modeOf(disk), '0700');
      });

      test('an installed guard follows only root’s symlinks in a directory that the service can write to', () => {
        for (const [open, owner] of [
          [(docker: Buffer) => chownSync(docker, SERVICE.uid, 0), 48299],
          [(docker: Buffer) => chmodSync(docker, 0o775), 48299],
        ] as const) {
          const { disk, docker, blobs } = linkedBlobs(owner);
          open(docker);
          const plan = planOf([chmodStep(disk, '0711')], [uses('directory', blobs)]);
          refused(guard.apply(shell, guard.signed(plan)), `link-of-service ${blobs}`);
          assert.equal(modeOf(disk), '0700');
          renameSync(docker, tree.at(`old-${owner}`));
          renameSync(disk, tree.at('old-disk'));
          tree.remove();
          tree = new ScratchTree();
          root = tree.directory(tree.at('storage'));
          guard.permit(`${PERMITTED_SERVICE} ${root}`);
        }
      });

      test('an installed guard follows root’s symlink in a directory that the service can write to only once that is unchanged for a while', async () => {
        const { disk, docker, blobs } = linkedBlobs(0);
        chownSync(docker, SERVICE.uid, SERVICE.gid);
        const plan = () => planOf([chmodStep(disk, '0711')], [uses('directory', blobs)]);
        const swapping = spawn('sh', ['-c', 'while :; do : >"$1"; rm "$1"; done', 'sh', `${docker}/other`]);
        await once(swapping, 'spawn');
        const told = guard.apply(shell, guard.signed(plan()));
        swapping.kill('SIGKILL');
        await once(swapping, 'exit');
        refused(told, `changed-just-now ${blobs}`);
        assert.equal(modeOf(disk), '0700');
        await quiet(docker);
        assert.equal(guard.apply(shell, guard.signed(plan())).kind, 'applied');
      });

      test('an installed guard opens no file behind a symlink that the service put in place of a permitted file', () => {
        const secret = tree.at('secret');
        writeFileSync(secret, '', { mode: 0o600 });
        renameSync(htpasswd, tree.at('auth/moved'));
        symlinkSync(secret, htpasswd);
        lchownSync(htpasswd, SERVICE.uid, SERVICE.gid);
        const plan = planOf([fileAclStep(secret, READABLE_BY_SERVICE)], [uses('read', htpasswd)]);
        refused(guard.apply(shell, guard.signed(plan)), `link-of-service ${htpasswd}`);
        assert.equal(modeOf(secret), '0600');
      });

      test('an installed guard follows no symlink of the service on the path to its storage', () => {
        const home = tree.directory(tree.at('home'), 0o700);
        tree.directory(tree.at('home/storage'));
        const link = tree.link(tree.at('root'), 'home/storage');
        lchownSync(link, SERVICE.uid, SERVICE.gid);
        guard.permit(`${PERMITTED_SERVICE} ${link}`);
        const plan = samplePlan({ steps: [chmodStep(home, '0711')], storageRoot: hostPath(link) });
        plans.push(plan);
        refused(guard.apply(shell, guard.signed(plan)), `link-of-service ${link}`);
        assert.equal(modeOf(home), '0700');
      });
    });
  }
});
