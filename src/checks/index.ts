import { hostPathToTell } from '../access/host-place.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import type { Facts } from '../model/facts.ts';
import type { Finding, FindingId } from '../model/finding.ts';
import { accessDisagreement } from './access-disagreement.ts';
import { accessNotJudged } from './access-not-judged.ts';
import type { Check } from './check.ts';
import { clockSkew } from './clock-skew.ts';
import { containerSeesOldMount } from './container-sees-old-mount.ts';
import { contentsNotJudged } from './contents-not-judged.ts';
import { danglingLink } from './dangling-link.ts';
import { databaseUnreachable } from './database-unreachable.ts';
import { healthCheckOff } from './health-check-off.ts';
import { identityUnknown } from './identity-unknown.ts';
import { imagesUnseen } from './images-unseen.ts';
import { immutableDirectory } from './immutable-directory.ts';
import { innerDirectoryUnusable } from './inner-directory-unusable.ts';
import { lockFile } from './lock-file.ts';
import { maintenanceMode } from './maintenance-mode.ts';
import { nosymfollowMount } from './nosymfollow-mount.ts';
import { notADirectory } from './not-a-directory.ts';
import { objectStorageFailing } from './object-storage-failing.ts';
import { otherMountNamespace } from './other-mount-namespace.ts';
import { pathNotVisible } from './path-not-visible.ts';
import { portTaken } from './port-taken.ts';
import { protectedSymlink } from './protected-symlink.ts';
import { pushesFailed } from './pushes-failed.ts';
import { readonlyMount } from './readonly-mount.ts';
import { redisUnreachable } from './redis-unreachable.ts';
import { registryNotAnswering } from './registry-not-answering.ts';
import { registryUnwell } from './registry-unwell.ts';
import { restartLoop } from './restart-loop.ts';
import { securityModuleDenies } from './security-module-denies.ts';
import { serviceNotRunning } from './service-not-running.ts';
import { storageEmpty } from './storage-empty.ts';
import { storageNotOnDisk } from './storage-not-on-disk.ts';
import { storageRootMissing } from './storage-root-missing.ts';
import { storageRootUnknown } from './storage-root-unknown.ts';
import { storageRootUnusable } from './storage-root-unusable.ts';
import { symlinkLoop } from './symlink-loop.ts';
import { tokenCertificateMismatch } from './token-certificate-mismatch.ts';
import { unexpectedServiceUser } from './unexpected-service-user.ts';
import { untraversableAncestor } from './untraversable-ancestor.ts';
import { worldWritableStorage } from './world-writable-storage.ts';
import { wrongOwner } from './wrong-owner.ts';

/** Every check, root causes before what follows from them: the first finding is the one to act on. */
export const CHECKS: readonly Check[] = [
  containerSeesOldMount,
  // A way that leads nowhere comes before closed directories on it: opening them would not bring the storage back.
  symlinkLoop,
  notADirectory,
  danglingLink,
  storageRootMissing,
  nosymfollowMount,
  untraversableAncestor,
  protectedSymlink,
  readonlyMount,
  immutableDirectory,
  wrongOwner,
  storageRootUnusable,
  innerDirectoryUnusable,
  portTaken,
  databaseUnreachable,
  lockFile,
  objectStorageFailing,
  tokenCertificateMismatch,
  clockSkew,
  maintenanceMode,
  restartLoop,
  serviceNotRunning,
  otherMountNamespace,
  storageRootUnknown,
  identityUnknown,
  unexpectedServiceUser,
  pathNotVisible,
  accessDisagreement,
  accessNotJudged,
  contentsNotJudged,
  securityModuleDenies,
  registryNotAnswering,
  registryUnwell,
  redisUnreachable,
  pushesFailed,
  healthCheckOff,
  storageNotOnDisk,
  imagesUnseen,
  storageEmpty,
  worldWritableStorage,
];

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
  return all.map((finding) => withHostPath(finding, judged.facts));
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
