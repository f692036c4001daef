import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { undoPlan } from '../../../../src/diagnosis/plan/undo-plan.ts';
import type { AlsoUsed, Plan, PlanStep } from '../../../../src/model/plan/plan.ts';
import { PlanId } from '../../../../src/model/record/ids.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { HOSTILE_NAMES } from '../../hostile-names.ts';
import { chmodStep, chownStep, entryStep, SERVICE, samplePlan, setfaclStep } from '../../sample-plan.ts';
import { aclOf, allEntriesOf, hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { DASH, inTurn, SHELLS } from '../../shells.ts';
import { reasonOf } from '../guard/guard-reason-of.ts';
import { apply, applyAfter, brief, outcome } from './apply-run.ts';
import { plansFor } from './closed-way.ts';
import { fileAclStep, fileModeStep, READABLE_BY_SERVICE, uses } from './file-step.ts';

/** Plans for what the service needs beside its storage root: files, and directories that a link or a mount leads to. */

const skip = skipUnless('linux', 'root', 'setpriv', 'acl');
const UNNAMED = 'file-not-named';
const UNRELATED = 'unrelated-path';
const TOO_MUCH = 'file-rights-gained';
const PASSED = 'passed-directory';

describe('the guard applies a plan for a file', { skip }, () => {
  let tree: ScratchTree;
  let root: Buffer;
  let auth: Buffer;
  let htpasswd: Buffer;
  beforeEach(() => {
    tree = new ScratchTree();
    root = tree.directory(tree.at('storage'));
    auth = tree.directory(tree.at('auth'));
    htpasswd = tree.at('auth/htpasswd');
    writeFileSync(htpasswd, 'ann:hash\n');
    chmodSync(htpasswd, 0o600);
  });
  afterEach(() => tree.remove());
  const { planOf: planOfAll, plans } = plansFor(() => root);
  const planOf = (steps: readonly PlanStep[], also: readonly AlsoUsed[] = [uses('read', htpasswd, true)], parts = {}) =>
    planOfAll(steps, { also: [...also], ...parts });
  const states = () => [modeOf(htpasswd), allEntriesOf(htpasswd), modeOf(auth), statSync(auth).uid];
  const undoOf = (plan: Plan): Plan => {
    const { hostname, uptimeSeconds = 0, bootId } = samplePlan();
    const undo = undoPlan(plan, outcome(DASH, plan), { hostname, bootId: bootId ?? '', uptimeSeconds });
    if (undo.kind !== 'draft') return assert.fail(undo.why);
    const made = samplePlan({ ...undo.draft, id: PlanId.parse('1-2'), undoes: { id: plan.id, hash: plan.hash } });
    plans.push(made);
    return made;
  };

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      test('the guard applies a plan for a secret file by an ACL entry, and only the service can read it', () => {
        const plan = planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)]);
        assert.equal(plan.risk, 'high');
        assert.deepEqual(brief(apply(shell, plan)), {
          kind: 'applied',
          steps: [{ path: hostPath(htpasswd), before: 'user::rw-,group::---,other::---', after: READABLE_BY_SERVICE }],
          tried: { result: 'allowed' },
        });
        assert.equal(aclOf(htpasswd), READABLE_BY_SERVICE);
      });

      test('the guard applies a plan for a file by the group’s read bit, together with the path to the file', () => {
        chownSync(htpasswd, 0, SERVICE.gid);
        chmodSync(auth, 0o700);
        const plan = planOf([chmodStep(auth, '0701'), fileModeStep(htpasswd, '0640')]);
        assert.partialDeepStrictEqual(apply(shell, plan), { kind: 'applied', tried: { result: 'allowed' } });
        assert.deepEqual([modeOf(auth), modeOf(htpasswd)], ['0701', '0640']);
      });

      test('the guard applies a plan for a file that is not secret by the read bit for others', () => {
        const plan = planOf([fileModeStep(htpasswd, '0644')], [uses('read', htpasswd)]);
        assert.equal(apply(shell, plan).kind, 'applied');
        assert.equal(modeOf(htpasswd), '0644');
      });

      test('the guard applies a plan for a file, through a symlink, for a registry without a storage root', () => {
        symlinkSync('auth', tree.at('link'));
        const also = [uses('read', tree.at('link/htpasswd'), true)];
        const plan = planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)], also, { storageRoot: null });
        assert.equal(apply(shell, plan).kind, 'applied');
      });

      test('the guard rolls a plan for a file back if the service still can’t read the file', () => {
        chmodSync(auth, 0o700);
        const before = states();
        assert.deepEqual(brief(apply(shell, planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)]))), {
          kind: 'undone',
          why: reasonOf(`still-unreadable ${htpasswd}`),
          steps: [
            {
              path: hostPath(htpasswd),
              before: 'user::rw-,group::---,other::---',
              after: 'user::rw-,group::---,other::---',
            },
          ],
        });
        assert.deepEqual(states(), before);
      });

      test('the guard rolls a plan for a file back if the service can’t use another path that the plan names', () => {
        const key = tree.at('auth/key');
        writeFileSync(key, '');
        chmodSync(key, 0o600);
        const also = [uses('read', htpasswd, true), uses('read', key, true)];
        const told = apply(shell, planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)], also));
        assert.partialDeepStrictEqual(told, { kind: 'undone', why: reasonOf(`still-unreadable ${key}`) });
        assert.equal(modeOf(htpasswd), '0600');
      });

      test('the guard undoes a plan for a file exactly', () => {
        const before = states();
        const plan = planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)]);
        assert.equal(apply(shell, plan).kind, 'applied');
        const undo = undoOf(plan);
        assert.partialDeepStrictEqual(apply(shell, undo), { kind: 'applied', tried: { result: 'denied' } });
        assert.deepEqual(states(), before);
      });

      test('the guard does not undo a plan for a file if another file is at that path now', () => {
        const plan = planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)]);
        assert.equal(apply(shell, plan).kind, 'applied');
        const undo = undoOf(plan);
        rmSync(htpasswd);
        writeFileSync(htpasswd, 'new');
        assert.partialDeepStrictEqual(apply(shell, undo), { kind: 'stale', path: hostPath(htpasswd) });
        rmSync(htpasswd);
        execFileSync('mkfifo', [htpasswd.toString()]);
        const again = { ...undoOf(plan) };
        assert.deepEqual(apply(shell, again), { kind: 'refused', why: reasonOf('not-a-file') });
      });

      const STALE: Readonly<Record<string, () => void>> = {
        'has another mode': () => chmodSync(htpasswd, 0o640),
        'has another owner': () => chownSync(htpasswd, 48299, 0),
        'has an ACL': () => execFileSync('setfacl', ['-m', 'u:48299:r', htpasswd.toString()]),
        'is another file': () => {
          renameSync(htpasswd, tree.at('auth/old'));
          writeFileSync(htpasswd, 'ann:hash\n', { mode: 0o600 });
        },
        'is gone': () => rmSync(htpasswd),
      };
      for (const [what, change] of Object.entries(STALE)) {
        test(`a plan for a file is out of date if the file ${what}`, () => {
          const plan = planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)]);
          change();
          assert.partialDeepStrictEqual(apply(shell, plan), { kind: 'stale', path: hostPath(htpasswd) });
        });
      }

      const NO_FILE: Readonly<Record<string, () => void>> = {
        'a symlink': () => symlinkSync('moved', htpasswd),
        'a pipe, at which nothing waits': () => execFileSync('mkfifo', [htpasswd.toString()]),
        'a device': () => execFileSync('mknod', [htpasswd.toString(), 'c', '1', '5']),
        'a directory': () => mkdirSync(htpasswd),
      };
      for (const [what, make] of Object.entries(NO_FILE)) {
        test(`the guard refuses a plan for a file if its path is ${what}`, () => {
          const plan = planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)]);
          renameSync(htpasswd, tree.at('auth/moved'));
          make();
          assert.deepEqual(apply(shell, plan), { kind: 'refused', why: reasonOf('not-a-file') });
          assert.equal(modeOf(tree.at('auth/moved')), '0600');
        });
      }

      test('the guard refuses a plan for a file that has a second hard link', () => {
        linkSync(htpasswd, tree.at('elsewhere'));
        const plan = planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)]);
        assert.deepEqual(apply(shell, plan), { kind: 'refused', why: reasonOf('file-many-names') });
        assert.equal(modeOf(htpasswd), '0600');
      });

      test('the guard refuses a plan for a setuid file', () => {
        chmodSync(htpasswd, 0o4600);
        const plan = planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)]);
        assert.deepEqual(apply(shell, plan), { kind: 'refused', why: reasonOf('file-special-bits') });
      });

      const REFUSED: Readonly<
        Record<string, readonly [why: string, step: () => PlanStep, also?: () => readonly AlsoUsed[]]>
      > = {
        'makes the file writable': [TOO_MUCH, () => fileModeStep(htpasswd, '0660')],
        'makes the file executable': [TOO_MUCH, () => fileModeStep(htpasswd, '0700')],
        'makes the file setuid': ['special-bits', () => fileModeStep(htpasswd, '4640')],
        'takes permissions from the file’s owner': ['file-rights-lost', () => fileModeStep(htpasswd, '0440')],
        'gives the file to another account': [
          'file-owner',
          () => ({ ...chownStep(htpasswd, `${SERVICE.uid}:0`), kind: 'file' }) as PlanStep,
        ],
        'lets everyone read a secret': ['secret-opened', () => fileModeStep(htpasswd, '0604')],
        'lets everyone read what is a secret by another entry': [
          'secret-opened',
          () => fileModeStep(htpasswd, '0604'),
          () => [uses('read', htpasswd), uses('read', htpasswd, true)],
        ],
        'lets everyone read what the service only writes': [
          'secret-opened',
          () => fileModeStep(htpasswd, '0604'),
          () => [uses('write', htpasswd)],
        ],
        "lets a group read it that is not the service's": ['file-foreign-group', () => fileModeStep(htpasswd, '0640')],
        'is for a file that its list of used paths does not name': [
          UNNAMED,
          () => fileAclStep(htpasswd, READABLE_BY_SERVICE),
          () => [uses('read', tree.at('auth/other'), true)],
        ],
        'is for a file that its list of used paths names as a directory': [
          UNNAMED,
          () => fileAclStep(htpasswd, READABLE_BY_SERVICE),
          () => [uses('directory', htpasswd)],
        ],
        'lets the service write to the file': [
          TOO_MUCH,
          () => fileAclStep(htpasswd, READABLE_BY_SERVICE.replaceAll('r--', 'rw-')),
        ],
        'widens the mask beyond what takes effect now': [
          TOO_MUCH,
          () => fileAclStep(htpasswd, READABLE_BY_SERVICE.replace('mask::r--', 'mask::r-x')),
        ],
        'adds an ACL entry for another account': [
          'acl-entry-added',
          () => fileAclStep(htpasswd, READABLE_BY_SERVICE.replace(`${SERVICE.uid}`, '48299')),
        ],
      };
      for (const [what, [why, step, also]] of Object.entries(REFUSED)) {
        test(`the guard refuses a plan for a file if it ${what}`, () => {
          const before = states();
          // A chown has no kind in its document: the guard is told of a directory, and finds a file.
          const isOwner = step().action === 'chown';
          const told = apply(shell, planOf([step()], also?.()));
          assert.deepEqual(told, { kind: 'refused', why: reasonOf(isOwner ? 'not-a-directory' : why) });
          assert.deepEqual(states(), before);
        });
      }

      test('the guard refuses a plan that changes a file’s group bits where they are an ACL mask', () => {
        chownSync(htpasswd, 0, SERVICE.gid);
        execFileSync('setfacl', ['-n', '-m', 'u:48299:r,m::---', htpasswd.toString()]);
        const precondition = { ...setfaclStep(htpasswd, aclOf(htpasswd)).precondition };
        const step = { ...fileModeStep(htpasswd, '0640'), precondition } as PlanStep;
        assert.deepEqual(apply(shell, planOf([step])), {
          kind: 'refused',
          why: reasonOf('file-acl-mask'),
        });
      });

      test('the guard refuses a plan for a file that gives anyone write access to a directory on its path', () => {
        chmodSync(auth, 0o700);
        chownSync(auth, 0, SERVICE.gid);
        const write = `user::rwx,user:${SERVICE.uid}:-wx,group::---,mask::-wx,other::---`;
        const steps = [
          chmodStep(auth, '0730'),
          chownStep(auth, `${SERVICE.uid}:${SERVICE.gid}`),
          setfaclStep(auth, write),
        ];
        for (const step of steps) {
          const plan = planOf([step, fileAclStep(htpasswd, READABLE_BY_SERVICE)]);
          assert.deepEqual(apply(shell, plan), { kind: 'refused', why: reasonOf(PASSED) });
        }
        assert.equal(modeOf(auth), '0700');
        assert.equal(
          apply(shell, planOf([entryStep(auth), fileAclStep(htpasswd, READABLE_BY_SERVICE)])).kind,
          'applied',
        );
      });

      test('the guard lets the service create a file by opening the file’s directory, and refuses a plan for the parent directory', () => {
        const logs = tree.directory(tree.at('auth/logs'), 0o750);
        chownSync(logs, 0, SERVICE.gid);
        chownSync(auth, 0, SERVICE.gid);
        const also = [uses('write', tree.at('auth/logs/current'))];
        const above = apply(shell, planOf([chmodStep(auth, '0775')], also));
        assert.deepEqual(above, { kind: 'refused', why: reasonOf(PASSED) });
        const told = apply(shell, planOf([chmodStep(logs, '0770')], also));
        assert.partialDeepStrictEqual(told, { kind: 'applied', tried: { result: 'allowed' } });
      });

      test('the guard rolls a plan back if the service still can’t create its file', () => {
        const logs = tree.directory(tree.at('auth/logs'), 0o700);
        const also = [uses('write', logs)];
        const told = apply(shell, planOf([chmodStep(logs, '0711')], also));
        assert.partialDeepStrictEqual(told, { kind: 'undone', why: reasonOf(`still-unwritable ${logs}`) });
      });

      test('the guard applies a plan for a directory behind a symlink below the storage, for the path to it and its contents', () => {
        const disk = tree.directory(tree.at('disk'), 0o700);
        const blobs = tree.directory(tree.at('disk/blobs'), 0o755);
        const shard = tree.directory(tree.at('disk/blobs/sha256'), 0o700);
        for (const path of [blobs, shard]) chownSync(path, SERVICE.uid, SERVICE.gid);
        chmodSync(shard, 0o500);
        tree.link(tree.at('storage/blobs'), '../disk/blobs');
        const steps = [chmodStep(disk, '0711'), chmodStep(shard, '0700')];
        assert.deepEqual(apply(shell, planOf(steps, undefined)), { kind: 'refused', why: reasonOf(UNRELATED) });
        const also = [uses('directory', tree.at('storage/blobs'))];
        const told = apply(shell, planOf(steps, also));
        assert.partialDeepStrictEqual(told, { kind: 'applied', tried: { result: 'allowed' } });
        assert.deepEqual([modeOf(disk), modeOf(shard)], ['0711', '0700']);
        const given = apply(shell, planOf([chownStep(disk, `${SERVICE.uid}:0`)], also));
        assert.deepEqual(given, { kind: 'refused', why: reasonOf(PASSED) });
      });

      test('the guard rolls a plan back if a directory behind a symlink below the storage is reachable but not writable', () => {
        tree.directory(tree.at('disk'), 0o700);
        const blobs = tree.directory(tree.at('disk/blobs'), 0o755);
        tree.link(tree.at('storage/blobs'), blobs);
        const also = [uses('directory', tree.at('storage/blobs'))];
        const told = apply(shell, planOf([chmodStep(tree.at('disk'), '0711')], also));
        assert.partialDeepStrictEqual(told, {
          kind: 'undone',
          why: reasonOf(`still-unusable ${tree.at('storage/blobs')}`),
        });
        assert.equal(modeOf(tree.at('disk')), '0700');
      });

      test('the guard refuses a plan that names a protected system directory as one that the service writes to', () => {
        tree.link(tree.at('storage/blobs'), '/etc');
        for (const use of ['directory', 'write'] as const) {
          const also = [uses(use, tree.at('storage/blobs'))];
          const told = apply(shell, planOf([fileAclStep(htpasswd, READABLE_BY_SERVICE)], also));
          assert.deepEqual(told, {
            kind: 'refused',
            why: reasonOf('protected-use'),
          });
        }
      });
    });
  }

  for (const { what, bytes } of HOSTILE_NAMES) {
    test(`the guard applies a plan for a file in a directory whose name has ${what}`, () => {
      const file = tree.at('auth', bytes);
      writeFileSync(file, '');
      chownSync(file, 0, SERVICE.gid);
      chmodSync(file, 0o600);
      const plan = planOf([fileModeStep(file, '0640')], [uses('read', file, true)]);
      assert.partialDeepStrictEqual(apply(DASH, plan), { kind: 'applied', tried: { result: 'allowed' } });
    });
  }

  test('the guard applies a plan for a directory that is mounted below the storage', {
    skip: skipUnless('mount-namespaces'),
  }, () => {
    const blobs = tree.directory(tree.at('storage/blobs'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0700', 'none', blobs.toString()]);
    try {
      const steps = [chmodStep(blobs, '0755')];
      assert.deepEqual(apply(DASH, planOf(steps, undefined)), { kind: 'refused', why: reasonOf(UNRELATED) });
      const also = [uses('directory', blobs)];
      assert.equal(apply(DASH, planOf(steps, also)).kind, 'undone', 'it can list it, and not write there');
      const given = [chownStep(blobs, `${SERVICE.uid}:${SERVICE.gid}`)];
      assert.equal(apply(DASH, planOf(given, also)).kind, 'applied');
    } finally {
      execFileSync('umount', [blobs.toString()]);
    }
  });

  test('the guard refuses a plan for a file in a protected directory that is bind-mounted under another name', {
    skip: skipUnless('mount-namespaces'),
  }, () => {
    const file = tree.at('auth/rd-shadow');
    writeFileSync(file, '', { mode: 0o600 });
    const plan = planOf([fileAclStep(file, READABLE_BY_SERVICE)], [uses('read', file, true)]);
    const told = applyAfter(`mount --bind '${auth}' /var/spool`, plan);
    assert.deepEqual(told, { kind: 'refused', why: reasonOf('protected-directory') });
  });
});
