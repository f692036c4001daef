import type { Durability } from '../../model/diagnosis/durability.ts';
import type { Finding, FindingId } from '../../model/diagnosis/finding.ts';
import type { Facts } from '../../model/host/facts.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import { hostPathToTell } from '../access/kernel/host-place.ts';
import type { AnyCheck } from './check.ts';
import { CHECKS } from './index.ts';

/**
 * The order of findings by severity: faults, warnings, information. Within one severity, the order of the checks is
 * kept.
 */
const URGENCY: Readonly<Record<Finding['severity'], number>> = { fault: 0, warning: 1, info: 2 };

/** One finding, with its check and the path that it was found on. */
type Found = { readonly check: AnyCheck; readonly finding: Finding; readonly judged: JudgedAccess };

/** Runs every check. A finding that a fault explains becomes information. */
export function runChecks(judged: JudgedAccess, durability: Durability | null): Finding[] {
  const ways = [judged, ...judged.inner];
  const found = oncePerPlace(
    CHECKS.flatMap((check) => (check.scope === 'each-path' ? ways : [judged]).flatMap(foundBy(check, durability))),
  );
  const faults = found.filter(({ finding }) => finding.severity === 'fault');
  const all = found.map((one): Finding => {
    const causes = causesOf(one.check, one.finding);
    const isConsequence = faults.some((fault) => causes.includes(fault.finding.id) && mayExplain(fault, one));
    return withWalk(isConsequence ? { ...one.finding, severity: 'info' } : one.finding, one.judged);
  });
  const inOrder = all.toSorted((a, b) => URGENCY[a.severity] - URGENCY[b.severity]);
  return inOrder.map((finding) => withHostPath(finding, judged.facts));
}

function foundBy(check: AnyCheck, durability: Durability | null): (judged: JudgedAccess) => Found[] {
  return (judged) =>
    check.look(judged, durability).map((finding) => ({ check, finding: certain(check, finding, judged), judged }));
}

/** A fault of the storage is only a warning if the process might use another one than the config names. */
function certain({ faultKind = 'service' }: AnyCheck, finding: Finding, { newerConfig }: JudgedAccess): Finding {
  const isUnsure = finding.severity === 'fault' && faultKind !== 'service' && newerConfig !== null;
  return isUnsure ? { ...finding, severity: 'warning' } : finding;
}

/** Keeps one finding for each directory, because several paths can lead over the same one. */
function oncePerPlace(found: readonly Found[]): Found[] {
  const seen = new Set<string>();
  return found.filter(({ finding, judged }) => {
    const place = `${finding.id} ${finding.path ?? ''}`;
    const isAgain = judged.usedPath !== null && seen.has(place);
    seen.add(place);
    return !isAgain;
  });
}

/**
 * Whether a fault can explain a finding. A fault on a path inside the storage explains nothing on the path to the
 * storage root or on other paths inside.
 */
function mayExplain(fault: Found, one: Found): boolean {
  return (
    fault.judged.usedPath === null || one.check.scope !== 'each-path' || fault.judged.usedPath === one.judged.usedPath
  );
}

function withWalk(finding: Finding, { usedPath, walk }: JudgedAccess): Finding {
  return usedPath === null || walk === null || finding.path === null
    ? finding
    : { ...finding, walk: walk.visits.map(({ step }) => step) };
}

function causesOf({ consequenceOf = [] }: AnyCheck, finding: Finding): readonly FindingId[] {
  return typeof consequenceOf === 'function' ? consequenceOf(finding) : consequenceOf;
}

/** Adds the host's path if the registry's process has mounts of its own: people need both paths. */
function withHostPath(finding: Finding, facts: Facts): Finding {
  const hostPath = finding.path === null ? undefined : hostPathToTell(facts, finding.path);
  return finding.path === null || hostPath === undefined ? finding : { ...finding, hostPath };
}
