import { Mode } from '../../model/host/facts.ts';
import type { PlanStep } from '../../model/plan/plan.ts';
import type { InnerDirectory } from '../access/contents/inner-directories.ts';
import type { JudgedAccess } from '../access/judge-access.ts';

/**
 * The steps that give directories below the storage root the bits that their own owner needs. Empty if not all of these
 * directories are known, or if one of them is closed by something other than its owner's bits: the plan would be
 * incomplete.
 */
export function innerDirectorySteps({ facts, walk, disk, contents }: JudgedAccess): PlanStep[] {
  const { told, complete, count } = contents.innerDirectories;
  if (!walk || !complete || told.length < count || disk.missing !== null) return [];
  // The process would close the next directories in the same way.
  if (facts.view.kind === 'process' || contents.tightUmask !== null) return [];
  const steps = told.map(stepFor);
  return steps.some((step) => step === null) ? [] : steps.filter((step) => step !== null);
}

function stepFor({ directory, device, grant }: InnerDirectory): PlanStep | null {
  if ('noChmod' in grant || device === null) return null;
  const { path, mode, inode, uid, gid, owner } = directory;
  return {
    action: 'chmod',
    path,
    from: mode,
    to: Mode.parse(grant.to.toString(8).padStart(4, '0')),
    gains: 'owner',
    gainingPrincipal: owner,
    precondition: { device, inode, mode, uid, gid },
  };
}
