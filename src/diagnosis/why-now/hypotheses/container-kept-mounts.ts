import { knownValue } from '../../../model/fact.ts';
import { evidence } from '../evidence.ts';
import type { FaultContext } from '../fault-context.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';
import { mountedAfterStart } from '../mount-facts.ts';

/**
 * Hypothesis: the registry's container got its directory before the disk was mounted over it, and still has it
 * (mount_namespaces(7)).
 */
export const containerKeptMounts: JudgeHypothesis = (context) => {
  if (context.fault !== 'denied' && context.fault !== 'not-there') return null;
  const process = knownValue(context.facts.process);
  if (process === null || process.mountNamespace === 'unknown') return undecided([], [evidence('process-namespace')]);
  if (process.mountNamespace === 'same') return refuted([evidence('same-mount-namespace')]);
  const unknownToIt = mountsUnknownToProcess(context);
  if (unknownToIt.length > 0) return supported('strong', unknownToIt);
  const later = mountedAfterStart(context);
  const missing = [...(context.startedAt === null ? [evidence('process-start')] : []), evidence('mount-time')];
  return later.length > 0 ? supported('weak', later) : undecided([evidence('other-mount-namespace')], missing);
};

/** Filesystems that the host has mounted over the process's directories, and that the process does not see. */
function mountsUnknownToProcess({ facts }: FaultContext) {
  const { view } = facts;
  const hostMounts = view.kind === 'process' ? knownValue(view.hostMounts) : null;
  const own = knownValue(facts.mounts);
  if (hostMounts === null || own === null) return [];
  const devices = new Set(own.map(({ device }) => device));
  return hostMounts
    .filter(({ mountPoint, device }) => mountPoint !== '/' && device !== null && !devices.has(device))
    .map(({ mountPoint: path, source }) => evidence('mount-of-host-unknown-to-process', { path, text: source }));
}
