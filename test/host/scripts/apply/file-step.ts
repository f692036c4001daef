import type { AlsoUsed, PlanStep } from '../../../../src/model/plan/plan.ts';
import { chmodStep, SERVICE, setfaclStep } from '../../sample-plan.ts';
import { hostPath } from '../../scratch-tree.ts';

/** A chmod of a real file, with what it is now as precondition. */
export function fileModeStep(path: Buffer, to: string): PlanStep {
  return { ...chmodStep(path, to), kind: 'file' } as PlanStep;
}

/** Gives a real file another ACL. */
export function fileAclStep(path: Buffer, to: string): PlanStep {
  return { ...setfaclStep(path, to), kind: 'file' };
}

/** By which the service alone can read a file of mode 0600. */
export const READABLE_BY_SERVICE = `user::rw-,user:${SERVICE.uid}:r--,group::---,mask::r--,other::---`;

export function uses(use: AlsoUsed['use'], path: Buffer, secret = false): AlsoUsed {
  return { use, path: hostPath(path), secret };
}
