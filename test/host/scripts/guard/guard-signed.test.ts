import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lchownSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseApplyOutcome } from '../../../../src/host/answer/parse-apply-outcome.ts';
import { parseGuardVersion } from '../../../../src/host/answer/parse-guard-version.ts';
import { GUARD_DIGEST } from '../../../../src/host/request/guard-program.ts';
import { applyRequest, type SignedPlan, versionRequest } from '../../../../src/host/request/guard-request.ts';
import { planDocument } from '../../../../src/host/request/plan-document.ts';
import { HostPath } from '../../../../src/model/host/host-path.ts';
import type { ApplyOutcome } from '../../../../src/model/plan/execution.ts';
import type { Plan } from '../../../../src/model/plan/plan.ts';
import { KeyFilePlanSigner } from '../../../../src/ssh/signing/plan-signer.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { InstalledGuard, NONCE } from '../../installed-guard.ts';
import { chmodStep, PERMITTED_SERVICE, reverseOf, SERVICE, samplePlan } from '../../sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { DASH, inTurn, SHELLS } from '../../shells.ts';
import { forget } from '../apply/apply-run.ts';
import { reasonOf } from './guard-reason-of.ts';
import { sleeping } from './sleeping.ts';

/** Whose plans an installed guard carries out. */

const skip = skipUnless('linux', 'root', 'setpriv', 'ssh-keygen');
const PLAN_SPACE = 'registry-doctor-plan';
const NOT_TRUSTED = 'unknown-signer';

describe('an installed guard and signatures', { skip }, () => {
  let guard: InstalledGuard;
  let tree: ScratchTree;
  let closed: Buffer;
  let root: Buffer;
  const plans: Plan[] = [];
  before(() => {
    guard = new InstalledGuard();
  });
  beforeEach(() => {
    tree = new ScratchTree();
    closed = tree.directory(tree.at('closed'), 0o700);
    root = tree.directory(tree.at('closed/root'), 0o755);
    guard.permit(`${PERMITTED_SERVICE} ${root}`);
  });
  afterEach(() => tree.remove());
  after(() => {
    forget(plans);
    guard.remove();
  });

  const newPlan = (to = '0701', parts: Partial<Plan> = {}): Plan => {
    const plan = samplePlan({
      steps: [chmodStep(closed, to)],
      storageRoot: hostPath(root),
      ...parts,
    });
    plans.push(plan);
    return plan;
  };
  const expectRefused = (told: ApplyOutcome, why: string) => {
    assert.deepEqual(told, { kind: 'refused', why: reasonOf(why) });
    assert.equal(modeOf(closed), '0700');
  };

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      test('an installed guard carries out a plan that the bot signed, and answers a replay without running it again', () => {
        const signed = guard.signed(newPlan());
        const told = guard.apply(shell, signed);
        assert.equal(told.kind, 'applied');
        assert.equal(modeOf(closed), '0701');
        chmodSync(closed, 0o700);
        assert.deepEqual(guard.apply(shell, signed), told);
        assert.deepEqual(guard.outcome(shell, signed), told);
        assert.equal(modeOf(closed), '0700');
      });

      test('an installed guard refuses an unsigned plan', () => {
        expectRefused(guard.apply(shell, { ...guard.signed(newPlan()), signature: null }), 'not-signed');
      });

      const FORGED: Readonly<Record<string, (plan: Plan) => string>> = {
        'by another key': (plan) => guard.sign(planDocument(plan), 'stranger', PLAN_SPACE),
        'for another purpose': (plan) => guard.sign(planDocument(plan), 'bot', 'registry-doctor-approval'),
        'over another plan': () => guard.sign(planDocument(newPlan('0711')), 'bot', PLAN_SPACE),
        'over the same plan with one letter changed': (plan) =>
          guard.sign(planDocument(plan).replace('to 0701', 'to 0711'), 'bot', PLAN_SPACE),
        'that is invalid': () => 'not a signature',
      };
      for (const [what, forge] of Object.entries(FORGED)) {
        test(`an installed guard refuses a plan with a signature ${what}`, () => {
          const plan = newPlan();
          expectRefused(guard.apply(shell, { plan, signature: forge(plan), approvals: [] }), NOT_TRUSTED);
          assert.equal(guard.outcome(shell, guard.signed(plan)).kind, 'never-started', 'nothing of it is on record');
        });
      }

      test('an installed guard neither reports nor settles a plan’s outcome without the plan’s signature', () => {
        const plan = newPlan();
        guard.apply(shell, guard.signed(plan));
        assert.deepEqual(guard.outcome(shell, { plan, signature: null, approvals: [] }), {
          kind: 'unknown',
          why: reasonOf('not-signed'),
        });
      });

      test('an installed guard rates the risk itself: it refuses a plan wrongly called low-risk, no matter who signed it', () => {
        const told = guard.apply(shell, guard.signed(newPlan('0705', { risk: 'low' })));
        expectRefused(told, 'risk-understated');
        // Others may write there as soon as they may pass.
        chmodSync(closed, 0o760);
        const waiting = guard.apply(shell, guard.signed(newPlan('0770', { risk: 'low' })));
        assert.deepEqual(waiting, { kind: 'refused', why: reasonOf('risk-understated') });
      });

      const elsewhere = () => `storage-not-permitted ${guard.at('guard')}/permitted_storage`;
      const NOT_PERMITTED: Readonly<Record<string, (uid: number, path: string) => readonly string[]>> = {
        'for another storage': (uid, path) => [`${uid} ${path}/`, `${uid} ${path}/below`, `${uid} /srv`],
        'for another account': (uid, path) => [`0 ${path}`, `nobody ${path}`, `${uid}0 ${path}`, ` ${path}`],
        'whose account and storage are on different lines of the permits': (uid, path) => [`${uid} /srv`, `0 ${path}`],
        'while the host permits no storage': () => [],
      };
      for (const [what, lines] of Object.entries(NOT_PERMITTED)) {
        test(`an installed guard refuses a plan ${what}, no matter who signed it`, () => {
          guard.permit(...lines(SERVICE.uid, String(root)));
          expectRefused(guard.apply(shell, guard.signed(newPlan())), elsewhere());
        });
      }

      const NOT_THE_ACCOUNT: Readonly<Record<string, Partial<Plan['identity']>>> = {
        'a foreign group': { groups: [6] },
        'another group of its own': { gid: 6 },
        'a capability that only root has': { dacOverride: true },
      };
      for (const [what, claimed] of Object.entries(NOT_THE_ACCOUNT)) {
        test(`an installed guard refuses a plan that claims the service has ${what}, no matter who signed it`, () => {
          expectRefused(
            guard.apply(shell, guard.signed(newPlan('0711', { identity: { ...SERVICE, ...claimed } }))),
            elsewhere(),
          );
        });
      }

      test('an installed guard refuses a plan that names another account’s process as the registry, no matter who signed it', async (t) => {
        guard.permit(`${PERMITTED_SERVICE} ${root}`);
        const own = ['--reuid', `${SERVICE.uid}`, '--regid', `${SERVICE.gid}`, '--groups', SERVICE.groups.join(',')];
        const DIFFERENT = 'process-identity-differs';
        const rows: [words: string[], why: string][] = [
          [['setpriv', '--reuid', '31337', '--regid', '31337', '--clear-groups'], DIFFERENT],
          [['setpriv', ...own.slice(0, 4), '--groups', '6'], DIFFERENT],
          [['setpriv', '--ruid', '31337', '--euid', `${SERVICE.uid}`, ...own.slice(2)], 'process-of-other-account'],
          [['setpriv', ...own, 'unshare', '-U'], 'process-in-user-namespace'],
        ];
        for (const [words, why] of rows) {
          expectRefused(guard.apply(shell, guard.signed(newPlan('0701', { process: await sleeping(t, words) }))), why);
        }
      });

      test('an installed guard accepts a plan that names a process if the process sees the permitted storage', async (t) => {
        const own = ['--reuid', `${SERVICE.uid}`, '--regid', `${SERVICE.gid}`, '--groups', SERVICE.groups.join(',')];
        const process = await sleeping(t, ['setpriv', ...own]);
        guard.permit(`${PERMITTED_SERVICE} ${closed}`);
        expectRefused(guard.apply(shell, guard.signed(newPlan('0701', { process }))), elsewhere());
        guard.permit(`${PERMITTED_SERVICE} ${root}`);
        assert.equal(guard.apply(shell, guard.signed(newPlan('0701', { process }))).kind, 'applied');
      });

      test('an installed guard refuses to change a directory above its own program, no matter who signed the plan', () => {
        const beside = guard.at('registry');
        mkdirSync(beside);
        guard.permit(`${PERMITTED_SERVICE} ${beside}`);
        const steps = [chmodStep(Buffer.from(guard.directory), '0751')];
        const told = guard.apply(shell, guard.signed(newPlan('0701', { steps, storageRoot: HostPath.parse(beside) })));
        rmdirSync(beside);
        expectRefused(told, 'protected-directory');
      });

      test('an installed guard undoes nothing while the host permits no storage', () => {
        const plan = newPlan();
        assert.equal(guard.apply(shell, guard.signed(plan)).kind, 'applied');
        guard.permit();
        const undo = reverseOf(plan);
        plans.push(undo);
        const told = guard.apply(shell, guard.signed(undo));
        assert.deepEqual(told, { kind: 'refused', why: reasonOf(elsewhere()) });
        assert.equal(modeOf(closed), '0701');
      });

      test('an installed guard refuses every plan while the host permits no storage', () => {
        guard.distrust('permitted_storage');
        const why = `untrusted-file ${guard.at('guard')}/permitted_storage`;
        expectRefused(guard.apply(shell, guard.signed(newPlan())), why);
        guard.permit(`${PERMITTED_SERVICE} ${root}`);
        chmodSync(guard.at('guard/permitted_storage'), 0o664);
        expectRefused(guard.apply(shell, guard.signed(newPlan())), why);
        chmodSync(guard.at('guard/permitted_storage'), 0o644);
      });

      test('an installed guard accepts a plan for one of several permitted storages, and for an account permitted by name', () => {
        const nobody = { ...SERVICE, user: 'nobody', uid: 65_534, gid: 65_534, groups: [] };
        guard.permit('0 /srv', `nobody ${root}`);
        assert.equal(guard.apply(shell, guard.signed(newPlan('0701', { identity: nobody }))).kind, 'applied');
      });

      const NOT_FOR_NOW: Readonly<Record<string, readonly [parts: Partial<Plan>, why: string]>> = {
        'for another host': [{ hostname: 'git02' }, 'other-host'],
        'for another boot': [{ bootId: '11111111-2222-3333-4444-555555555555' }, 'host-restarted'],
        'that has expired': [
          { uptimeSeconds: 0, createdAt: '2026-01-01T00:00:00.000Z', expiresAt: '2026-01-01T00:00:00.001Z' },
          'time-is-up',
        ],
        'without a boot': [{ bootId: null }, 'scope-missing'],
      };
      for (const [what, [parts, why]] of Object.entries(NOT_FOR_NOW)) {
        test(`an installed guard refuses a plan ${what}`, () => {
          expectRefused(guard.apply(shell, guard.signed(newPlan('0701', parts))), why);
        });
      }
    });
  }

  describe('a guard on a host that requires approvers’ signatures', () => {
    before(() => guard.trust('approver_signers', 'ann namespaces="registry-doctor-approval"', 'ann'));
    after(() => guard.distrust('approver_signers'));
    const approved = (plan: Plan, key: string, namespace = 'registry-doctor-approval'): SignedPlan => ({
      ...guard.signed(plan),
      approvals: [guard.sign(planDocument(plan), key, namespace)],
    });
    const UNKNOWN = 'unknown-approver';

    test('a guard that requires approver signatures accepts a low-risk plan without one', () => {
      assert.equal(guard.apply(DASH, guard.signed(newPlan())).kind, 'applied');
    });
    test('a guard that requires approver signatures refuses a high-risk plan without one', () => {
      expectRefused(guard.apply(DASH, guard.signed(newPlan('0705'))), 'approval-missing');
    });
    for (const [what, key, namespace] of [
      ['of a stranger', 'stranger', 'registry-doctor-approval'],
      ['of the bot itself', 'bot', 'registry-doctor-approval'],
      ['of an approver for another purpose', 'ann', PLAN_SPACE],
    ] as const) {
      test(`a guard that requires approver signatures refuses a high-risk plan with the signature ${what}`, () => {
        expectRefused(guard.apply(DASH, approved(newPlan('0705'), key, namespace)), UNKNOWN);
      });
    }
    test('a guard that requires approver signatures refuses an approver’s signature for another plan', () => {
      const { approvals } = approved(newPlan('0705'), 'ann');
      expectRefused(guard.apply(DASH, { ...guard.signed(newPlan('0705')), approvals }), UNKNOWN);
    });
    for (const shell of SHELLS) {
      const test = inTurn(shell);
      test(`a guard that requires approver signatures accepts the signature of any listed approver, under ${shell.name}`, {
        skip: shell.skip,
      }, () => {
        const plan = newPlan('0705');
        const [by, ann] = ['stranger', 'ann'].map((key) => approved(plan, key).approvals[0] ?? assert.fail());
        const strangers = { ...guard.signed(newPlan('0705')), approvals: ['not a signature', by ?? ''] };
        expectRefused(guard.apply(shell, strangers), UNKNOWN);
        const approvals = [by ?? '', ann ?? '', 'not a signature'];
        assert.equal(guard.apply(shell, { ...guard.signed(plan), approvals }).kind, 'applied');
      });
    }
    test('a guard refuses the signature of a key that is listed for a pattern, which names no person', () => {
      for (const pattern of ['*', 'an?', '!bob,*']) {
        guard.trust('approver_signers', `${pattern} namespaces="registry-doctor-approval"`, 'ann');
        expectRefused(guard.apply(DASH, approved(newPlan('0705'), 'ann')), UNKNOWN);
      }
      guard.trust('approver_signers', 'ann namespaces="registry-doctor-approval"', 'ann');
    });
    test('a guard that requires approver signatures accepts a high-risk plan with one', () => {
      assert.equal(guard.apply(DASH, approved(newPlan('0705'), 'ann')).kind, 'applied');
    });
  });

  describe('an installed guard trusts nothing that accounts other than root can change', () => {
    test('an installed guard does not trust a file of allowed signers that its group can write to', () => {
      const signers = guard.at('guard/allowed_signers');
      chmodSync(signers, 0o664);
      const told = guard.apply(DASH, guard.signed(newPlan()));
      chmodSync(signers, 0o644);
      expectRefused(told, `untrusted-file ${signers}`);
    });
    test('an installed guard does not trust a file of allowed signers that root does not own', () => {
      const signers = guard.at('guard/allowed_signers');
      chownSync(signers, 65534, 0);
      const told = guard.apply(DASH, guard.signed(newPlan()));
      chownSync(signers, 0, 0);
      expectRefused(told, `untrusted-file ${signers}`);
    });
    test('an installed guard without a file of allowed signers refuses every plan', () => {
      guard.distrust('allowed_signers');
      const told = guard.apply(DASH, guard.signed(newPlan()));
      guard.trust('allowed_signers', 'registry-doctor namespaces="registry-doctor-plan"', 'bot');
      assert.equal(told.kind, 'refused');
    });
    test('an installed guard does not trust a signer listed under another name than the bot’s', () => {
      guard.trust('allowed_signers', 'somebody namespaces="registry-doctor-plan"', 'bot');
      const told = guard.apply(DASH, guard.signed(newPlan()));
      guard.trust('allowed_signers', 'registry-doctor namespaces="registry-doctor-plan"', 'bot');
      expectRefused(told, NOT_TRUSTED);
    });
    for (const [what, spoil, mend] of [
      [
        'a directory that others can write',
        () => chmodSync(guard.at('guard'), 0o757),
        () => chmodSync(guard.at('guard'), 0o755),
      ],
      [
        'a directory above it that others can write',
        () => chmodSync(guard.directory, 0o757),
        () => chmodSync(guard.directory, 0o755),
      ],
      [
        'a directory above it that is not root’s',
        () => chownSync(guard.directory, 65534, 0),
        () => chownSync(guard.directory, 0, 0),
      ],
      [
        'a file of its own that is not root’s',
        () => chownSync(guard.path, 65534, 0),
        () => chownSync(guard.path, 0, 0),
      ],
    ] as const) {
      test(`an installed guard refuses to run with ${what}`, () => {
        spoil();
        const { status, stdout } = guard.run(DASH, versionRequest(NONCE));
        mend();
        assert.deepEqual({ status, stdout: stdout.toString() }, { status: 78, stdout: '' });
      });
    }
  });

  test('an installed guard runs below a sticky directory, in which no one else can replace it', () => {
    chmodSync(guard.directory, 0o1777);
    const { status } = guard.run(DASH, versionRequest(NONCE));
    chmodSync(guard.directory, 0o755);
    assert.equal(status, 0);
  });

  test('an installed guard does not run through a symlink that others can change', () => {
    const { status, stdout } = guard.runAt(DASH, guard.linkedFrom(0o757), versionRequest(NONCE));
    assert.deepEqual({ status, stdout: stdout.toString() }, { status: 78, stdout: '' });
    assert.equal(guard.runAt(DASH, guard.linkedFrom(0o755), versionRequest(NONCE)).status, 0);
  });

  test('an installed guard does not run through a symlink that root does not own', () => {
    const path = guard.linkedFrom(0o1777);
    lchownSync(path.slice(0, -'/guard/guard'.length), 65534, 65534);
    const { status, stdout } = guard.runAt(DASH, path, versionRequest(NONCE));
    assert.deepEqual({ status, stdout: stdout.toString() }, { status: 78, stdout: '' });
  });

  test('an installed guard finishes a plan even if it gets SIGTERM', {
    skip: skipUnless('mount-namespaces'),
  }, async () => {
    // Its lock takes longer than the process that ends it would wait.
    const [there, slow, flock] = [guard.at('there'), guard.at('slow'), guard.at('flock')];
    execFileSync('sh', ['-c', 'cp "$(command -v flock)" "$1"', 'sh', flock]);
    writeFileSync(slow, `#!/bin/sh\n: >'${there}'\nsleep 7\nexec '${flock}' "$@"\n`, { mode: 0o755 });
    const instead = `mount --bind '${slow}' "$(command -v flock)" && exec /bin/sh '${guard.path}'`;
    const child = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-c', instead]);
    const output = buffer(child.stdout);
    child.stdin.end(applyRequest(NONCE, guard.signed(newPlan())));
    while (!existsSync(there) && child.exitCode === null) await sleep(20);
    for (const signal of ['SIGHUP', 'SIGTERM'] as const) child.kill(signal);
    assert.equal(parseApplyOutcome(await output, NONCE).kind, 'applied');
  });

  test('an installed guard reports that it is installed, its digest and which files of allowed signers it has', () => {
    const parsed = parseGuardVersion(guard.run(DASH, versionRequest(NONCE), []).stdout, NONCE);
    assert.partialDeepStrictEqual(parsed, {
      kind: 'version',
      version: { way: 'installed', uid: 0, digest: GUARD_DIGEST, botSigners: 'good', approverSigners: 'absent' },
    });
  });

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`an installed guard reads a request only from standard input and refuses arguments, under ${shell.name}`, {
      skip: shell.skip,
    }, () => {
      const unsigned = applyRequest(NONCE, { plan: newPlan(), signature: null, approvals: [] });
      for (const words of [['probe'], ['over-stdin', unsigned.trimEnd()], ['-s', unsigned.trimEnd()]]) {
        const { status, stdout } = guard.run(shell, versionRequest(NONCE), words);
        assert.deepEqual({ status, stdout: stdout.toString() }, { status: 64, stdout: '' }, words[0]);
      }
      assert.equal(modeOf(closed), '0700');
    });
  }

  test('an installed guard does not run if it is called by a relative path', () => {
    const request = applyRequest(NONCE, guard.signed(newPlan()));
    const { status, stdout } = spawnSync('./guard', [], { cwd: guard.at('guard'), input: request });
    assert.deepEqual({ status, stdout: stdout.toString() }, { status: 78, stdout: '' });
    assert.equal(modeOf(closed), '0700');
  });

  test('an installed guard accepts a signature that the bot made', async () => {
    const plan = newPlan();
    const signer = new KeyFilePlanSigner({ file: guard.at('bot'), passphraseFile: null }, { keyPassphrase: null });
    const made = await signer.sign(planDocument(plan));
    assert.ok(made.kind === 'signed');
    assert.equal(guard.apply(DASH, { plan, signature: made.signature, approvals: [] }).kind, 'applied');
  });

  test('an installed guard refuses plans if the host has no ssh-keygen to verify them', {
    skip: skipUnless('mount-namespaces'),
  }, () => {
    const hidden = 'mount --bind /dev/null "$(readlink -f "$(command -v ssh-keygen)")"';
    const without = ['unshare', '-m', '--propagation', 'private', 'sh', '-c', `${hidden} && exec dash "$@"`, 'sh'];
    const told = guard.apply({ ...DASH, command: without }, guard.signed(newPlan()));
    expectRefused(told, 'no-ssh-keygen');
  });

  test('an installed guard refuses to undo a plan without a signature', () => {
    const applied = newPlan();
    assert.equal(guard.apply(DASH, guard.signed(applied)).kind, 'applied');
    const undo = newPlan('0711', { undoes: { id: applied.id, hash: applied.hash } });
    const told = guard.apply(DASH, { ...guard.signed(undo), signature: null });
    assert.deepEqual(told, { kind: 'refused', why: reasonOf('not-signed') });
    assert.equal(modeOf(closed), '0701');
  });
});
