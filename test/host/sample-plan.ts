import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { HostPath } from '../../src/model/host-path.ts';
import { Plan, type PlanStep } from '../../src/model/plan.ts';
import { hostPath } from './scratch-tree.ts';

/** The service of these tests: uids of no account, so that nothing on the machine belongs to them. */
export const SERVICE = {
  user: '48211',
  uid: 48211,
  gid: 48212,
  groups: [48213],
  dacOverride: false,
  dacReadSearch: false,
};

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

/** A plan with a hash of its own, so that the host has never seen it. */
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
    bootId: null,
    risk: 'low',
    identity: SERVICE,
    storageRoot: HostPath.parse('/srv/closed/registry'),
    steps: [step],
    clearsEveryBlocker: true,
    id: '1-1',
    incidentId: 1,
    requestedBy: { kind: 'bot', part: 'watch' },
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-01T00:15:00.000Z',
    hash: `sha256:${randomBytes(32).toString('hex')}`,
  });
  return { ...plan, ...parts };
}
