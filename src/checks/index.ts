import { hostPathToTell } from '../access/host-place.ts';
import { innerAccesses, type JudgedAccess } from '../access/judge-access.ts';
import type { Facts } from '../model/facts.ts';
import type { Finding, FindingId } from '../model/finding.ts';
import { accessDisagreement } from './access-disagreement.ts';
import { accessNotJudged } from './access-not-judged.ts';
import { addressUnavailable } from './address-unavailable.ts';
import { breaksAtNextReboot } from './breaks-at-next-reboot.ts';
import { breaksAtNextReconfigure } from './breaks-at-next-reconfigure.ts';
import type { Check } from './check.ts';
import { clockSkew } from './clock-skew.ts';
import { configInvalid } from './config-invalid.ts';
import { containerSeesOldMount } from './container-sees-old-mount.ts';
import { contentsNotJudged } from './contents-not-judged.ts';
import { danglingLink } from './dangling-link.ts';
import { databaseUnreachable } from './database-unreachable.ts';
import { diskNotJudged } from './disk-not-judged.ts';
import { fileUnusable } from './file-unusable.ts';
import { filesystemFull } from './filesystem-full.ts';
import { foreignRegistryProcess } from './foreign-registry-process.ts';
import { healthCheckOff } from './health-check-off.ts';
import { identityUnknown } from './identity-unknown.ts';
import { imageDataMissing } from './image-data-missing.ts';
import { imagesUnseen } from './images-unseen.ts';
import { immutableDirectory } from './immutable-directory.ts';
import { innerDirectoryUnusable } from './inner-directory-unusable.ts';
import { lockFile } from './lock-file.ts';
import { lookedFromInside } from './looked-from-inside.ts';
import { maintenanceMode } from './maintenance-mode.ts';
import { mountMissing } from './mount-missing.ts';
import { mountOptionsDeny } from './mount-options-deny.ts';
import { nosymfollowMount } from './nosymfollow-mount.ts';
import { notADirectory } from './not-a-directory.ts';
import { objectStorageFailing } from './object-storage-failing.ts';
import { otherMountNamespace } from './other-mount-namespace.ts';
import { outOfMemory } from './out-of-memory.ts';
import { pathNotVisible } from './path-not-visible.ts';
import { portNotPermitted } from './port-not-permitted.ts';
import { portTaken } from './port-taken.ts';
import { protectedSymlink } from './protected-symlink.ts';
import { pullsFailed } from './pulls-failed.ts';
import { pushesFailed } from './pushes-failed.ts';
import { readonlyMount } from './readonly-mount.ts';
import { redisRefusesWrites } from './redis-refuses-writes.ts';
import { redisUnreachable } from './redis-unreachable.ts';
import { registryNotAnswering } from './registry-not-answering.ts';
import { registryUnwell } from './registry-unwell.ts';
import { restartLoop } from './restart-loop.ts';
import { securityModuleDenies } from './security-module-denies.ts';
import { serverDenies } from './server-denies.ts';
import { serviceNotRunning } from './service-not-running.ts';
import { staleHandle } from './stale-handle.ts';
import { storageEmpty } from './storage-empty.ts';
import { storageNotOnDisk } from './storage-not-on-disk.ts';
import { storageRootMissing } from './storage-root-missing.ts';
import { storageRootUnknown } from './storage-root-unknown.ts';
import { storageRootUnusable } from './storage-root-unusable.ts';
import { storageSpansFilesystems } from './storage-spans-filesystems.ts';
import { symlinkLoop } from './symlink-loop.ts';
import { tokenCertificateMismatch } from './token-certificate-mismatch.ts';
import { unexpectedServiceUser } from './unexpected-service-user.ts';
import { untraversableAncestor } from './untraversable-ancestor.ts';
import { upstreamUnreachable } from './upstream-unreachable.ts';
import { worldWritableStorage } from './world-writable-storage.ts';
import { wrongDiskMounted } from './wrong-disk-mounted.ts';
import { wrongOwner } from './wrong-owner.ts';

/** Every check, root causes before what follows from them: the first finding is the one to act on. */
export const CHECKS: readonly Check[] = [
  containerSeesOldMount,
  // Where a disk is missing, everything at and below its place is that of the directory underneath.
  mountMissing,
  wrongDiskMounted,
  staleHandle,
  // A way that leads nowhere comes before closed directories on it: opening them would not bring the storage back.
  symlinkLoop,
  notADirectory,
  danglingLink,
  storageRootMissing,
  nosymfollowMount,
  untraversableAncestor,
  mountOptionsDeny,
  serverDenies,
  protectedSymlink,
  readonlyMount,
  filesystemFull,
  immutableDirectory,
  wrongOwner,
  storageRootUnusable,
  innerDirectoryUnusable,
  storageSpansFilesystems,
  fileUnusable,
  imageDataMissing,
  configInvalid,
  portTaken,
  addressUnavailable,
  portNotPermitted,
  outOfMemory,
  upstreamUnreachable,
  redisRefusesWrites,
  databaseUnreachable,
  lockFile,
  objectStorageFailing,
  tokenCertificateMismatch,
  clockSkew,
  maintenanceMode,
  restartLoop,
  serviceNotRunning,
  otherMountNamespace,
  lookedFromInside,
  storageRootUnknown,
  identityUnknown,
  unexpectedServiceUser,
  foreignRegistryProcess,
  pathNotVisible,
  accessDisagreement,
  accessNotJudged,
  diskNotJudged,
  contentsNotJudged,
  securityModuleDenies,
  registryNotAnswering,
  registryUnwell,
  redisUnreachable,
  pushesFailed,
  pullsFailed,
  breaksAtNextReboot,
  breaksAtNextReconfigure,
  healthCheckOff,
  storageNotOnDisk,
  imagesUnseen,
  storageEmpty,
  worldWritableStorage,
];

/** What is broken comes before what may break, and that before what is good to know; the order of the checks is kept else. */
const URGENCY: Readonly<Record<Finding['severity'], number>> = { fault: 0, warning: 1, info: 2 };

/** What was found on one way: the storage root's, or that of a path inside the storage. */
type Found = { readonly check: Check; readonly finding: Finding; readonly judged: JudgedAccess };

/** Runs every check; a finding that a fault explains becomes information. */
export function runChecks(judged: JudgedAccess): Finding[] {
  const inner = innerAccesses(judged);
  const found = oncePerPlace(
    CHECKS.flatMap((check) => (check.scope === 'each-path' ? [judged, ...inner] : [judged]).flatMap(foundBy(check))),
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

function foundBy(check: Check): (judged: JudgedAccess) => Found[] {
  return (judged) => check.look(judged).map((finding) => ({ check, finding, judged }));
}

/** Several ways may lead over the same directory. */
function oncePerPlace(found: readonly Found[]): Found[] {
  const seen = new Set<string>();
  return found.filter(({ finding, judged }) => {
    const place = `${finding.id} ${finding.path ?? ''}`;
    const isAgain = judged.of !== null && seen.has(place);
    seen.add(place);
    return !isAgain;
  });
}

/** What is wrong with a part of the storage explains nothing on the way to the storage root, nor in another part. */
function mayExplain(fault: Found, one: Found): boolean {
  return fault.judged.of === null || one.check.scope !== 'each-path' || fault.judged.of === one.judged.of;
}

function withWalk(finding: Finding, { of, walk }: JudgedAccess): Finding {
  return of === null || walk === null || finding.path === null
    ? finding
    : { ...finding, walk: walk.visits.map(({ step }) => step) };
}

function causesOf({ consequenceOf = [] }: Check, finding: Finding): readonly FindingId[] {
  return typeof consequenceOf === 'function' ? consequenceOf(finding) : consequenceOf;
}

/** Where the registry's process sees another tree than the host, people need both names of a place. */
function withHostPath(finding: Finding, facts: Facts): Finding {
  const hostPath = finding.path === null ? undefined : hostPathToTell(facts, finding.path);
  return finding.path === null || hostPath === undefined ? finding : { ...finding, hostPath };
}
