import { hostPathToTell } from '../access/host-place.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
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
import { filesystemFull } from './filesystem-full.ts';
import { foreignRegistryProcess } from './foreign-registry-process.ts';
import { healthCheckOff } from './health-check-off.ts';
import { identityUnknown } from './identity-unknown.ts';
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

/** Runs every check; a finding that a fault explains becomes information. */
export function runChecks(judged: JudgedAccess): Finding[] {
  const found = CHECKS.map((check) => ({ check, findings: check.look(judged) }));
  const faults = new Set(
    found
      .flatMap(({ findings }) => findings)
      .filter(isFault)
      .map(({ id }) => id),
  );
  const all = found.flatMap(({ check, findings }) =>
    findings.map((finding): Finding => {
      const isConsequence = causesOf(check, finding).some((cause) => faults.has(cause));
      return isConsequence ? { ...finding, severity: 'info' } : finding;
    }),
  );
  const inOrder = all.toSorted((one, other) => URGENCY[one.severity] - URGENCY[other.severity]);
  return inOrder.map((finding) => withHostPath(finding, judged.facts));
}

function causesOf({ consequenceOf = [] }: Check, finding: Finding): readonly FindingId[] {
  return typeof consequenceOf === 'function' ? consequenceOf(finding) : consequenceOf;
}

/** Where the registry's process sees another tree than the host, people need both names of a place. */
function withHostPath(finding: Finding, facts: Facts): Finding {
  const hostPath = finding.path === null ? undefined : hostPathToTell(facts, finding.path);
  return finding.path === null || hostPath === undefined ? finding : { ...finding, hostPath };
}

function isFault(finding: Finding): boolean {
  return finding.severity === 'fault';
}
