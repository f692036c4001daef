import { randomBytes } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { riskOf } from '../../src/diagnosis/plan/risk.ts';
import { HostPath } from '../../src/model/host/host-path.ts';
import { Plan, PlanStep, SetfaclStep } from '../../src/model/plan/plan.ts';
import { PlanId } from '../../src/model/record/ids.ts';
import { aclOf, hostPath } from './scratch-tree.ts';

/** The service of these tests: uids of no account, so that nothing on the machine belongs to them. */
export const SERVICE = {
  user: '48211',
  uid: 48211,
  gid: 48212,
  groups: [48213],
  dacOverride: false,
  dacReadSearch: false,
};

/** As `permitted_storage` names them: no account, so that the host knows no groups of theirs. */
export const PERMITTED_SERVICE = `${SERVICE.uid}:${[SERVICE.gid, ...SERVICE.groups].join(',')}`;

/** A chmod of a real directory, with what it is now as precondition. */
export function chmodStep(path: Buffer, to: string): PlanStep {
  const precondition = preconditionOf(path);
  return Plan.shape.steps.element.parse({
    action: 'chmod',
    path: hostPath(path),
    from: precondition.mode,
    to,
    gains: 'other',
    gainingPrincipal: 'everybody',
    precondition,
  });
}

export function chownStep(path: Buffer, to: string): PlanStep {
  const precondition = preconditionOf(path);
  const from = `${precondition.uid}:${precondition.gid}`;
  return Plan.shape.steps.element.parse({
    action: 'chown',
    path: hostPath(path),
    from,
    to,
    gainingPrincipal: '48211',
    precondition,
  });
}

function preconditionOf(path: Buffer) {
  const { dev, ino, mode, uid, gid } = lstatSync(path, { bigint: true });
  return {
    device: String(dev),
    inode: String(ino),
    mode: (mode & 0o7777n).toString(8).padStart(4, '0'),
    uid: Number(uid),
    gid: Number(gid),
  };
}

/** What this machine says of itself, as a probe that has just run. */
function thisHost(): Pick<Plan, 'hostname' | 'bootId' | 'uptimeSeconds'> {
  const read = (file: string) => readFileSync(file, 'utf8').trim();
  return {
    hostname: read('/proc/sys/kernel/hostname'),
    bootId: read('/proc/sys/kernel/random/boot_id'),
    uptimeSeconds: Number.parseFloat(read('/proc/uptime')),
  };
}

/** A plan for this host with a hash of its own, so that the host has never seen it; as risky as its steps are. */
export function samplePlan(parts: Partial<Plan> = {}): Plan {
  const step = {
    action: 'chmod',
    path: '/srv/closed',
    from: '0700',
    to: '0711',
    gains: 'other',
    gainingPrincipal: 'everybody',
    precondition: { device: '1', inode: '1', mode: '0700', uid: 0, gid: 0 },
  };
  const plan = Plan.parse({
    host: 'git01',
    ...thisHost(),
    risk: 'low',
    identity: SERVICE,
    storageRoot: HostPath.parse('/srv/closed/registry'),
    steps: [step],
    clearsEveryBlocker: true,
    id: '1-1',
    nonce: randomBytes(16).toString('hex'),
    incidentId: 1,
    requestedBy: { kind: 'bot', part: 'watch' },
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-01T00:15:00.000Z',
    hash: `sha256:${randomBytes(32).toString('hex')}`,
  });
  return { ...plan, risk: riskOf(parts.steps ?? plan.steps, parts.identity ?? plan.identity), ...parts };
}

/** Gives a real directory another ACL, by which the service's account has the way through. */
export function setfaclStep(path: Buffer, to: string) {
  const { precondition } = chmodStep(path, '0777');
  const from = aclOf(path);
  return SetfaclStep.parse({
    action: 'setfacl',
    path: hostPath(path),
    from,
    to,
    modify: `user:${SERVICE.uid}:--x`,
    gainingPrincipal: SERVICE.user,
    precondition: { ...precondition, acl: from },
  });
}

/** The same for a directory of mode 0700. */
export function entryStep(path: Buffer) {
  return setfaclStep(path, `user::rwx,user:${SERVICE.uid}:--x,group::---,mask::--x,other::---`);
}

/** The undo of a plan without the bot's own checks, as a thief of its keys would request it. */
export function reverseOf({ storageRoot, risk, id, hash, steps }: Plan): Plan {
  const reverse = steps.map((step) => PlanStep.parse({ ...step, from: step.to, to: step.from })).toReversed();
  return samplePlan({ storageRoot, risk, steps: reverse, id: PlanId.parse('1-2'), undoes: { id, hash } });
}
