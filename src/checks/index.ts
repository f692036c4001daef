import type { CheckedFindingId, FaultKind, FindingId } from '../model/finding.ts';
import { accessDisagreement } from './access-disagreement.ts';
import { accessNotJudged } from './access-not-judged.ts';
import { addressUnavailable } from './address-unavailable.ts';
import { breaksAtNextReboot } from './breaks-at-next-reboot.ts';
import { breaksAtNextReconfigure } from './breaks-at-next-reconfigure.ts';
import type { AnyCheck, Check } from './check.ts';
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

/**
 * Every check, root causes before what follows from them: the first finding is the one to act on. A finding without a check
 * doesn't compile.
 */
const CHECK_OF: { readonly [Id in CheckedFindingId]: Check<Id> } = {
  'container-sees-old-mount': containerSeesOldMount,
  // Where a disk is missing, everything at and below its place is that of the directory underneath.
  'mount-missing': mountMissing,
  'wrong-disk-mounted': wrongDiskMounted,
  'stale-handle': staleHandle,
  // A way that leads nowhere comes before closed directories on it: opening them would not bring the storage back.
  'symlink-loop': symlinkLoop,
  'not-a-directory': notADirectory,
  'dangling-link': danglingLink,
  'storage-root-missing': storageRootMissing,
  'nosymfollow-mount': nosymfollowMount,
  'untraversable-ancestor': untraversableAncestor,
  'mount-options-deny': mountOptionsDeny,
  'server-denies': serverDenies,
  'protected-symlink': protectedSymlink,
  'readonly-mount': readonlyMount,
  'filesystem-full': filesystemFull,
  'immutable-directory': immutableDirectory,
  'wrong-owner': wrongOwner,
  'storage-root-unusable': storageRootUnusable,
  'inner-directory-unusable': innerDirectoryUnusable,
  'storage-spans-filesystems': storageSpansFilesystems,
  'file-unusable': fileUnusable,
  'image-data-missing': imageDataMissing,
  'config-invalid': configInvalid,
  'port-taken': portTaken,
  'address-unavailable': addressUnavailable,
  'port-not-permitted': portNotPermitted,
  'out-of-memory': outOfMemory,
  'upstream-unreachable': upstreamUnreachable,
  'redis-refuses-writes': redisRefusesWrites,
  'database-unreachable': databaseUnreachable,
  'lock-file': lockFile,
  'object-storage-failing': objectStorageFailing,
  'token-certificate-mismatch': tokenCertificateMismatch,
  'clock-skew': clockSkew,
  'maintenance-mode': maintenanceMode,
  'restart-loop': restartLoop,
  'service-not-running': serviceNotRunning,
  'other-mount-namespace': otherMountNamespace,
  'looked-from-inside': lookedFromInside,
  'storage-root-unknown': storageRootUnknown,
  'identity-unknown': identityUnknown,
  'unexpected-service-user': unexpectedServiceUser,
  'foreign-registry-process': foreignRegistryProcess,
  'path-not-visible': pathNotVisible,
  'access-disagreement': accessDisagreement,
  'access-not-judged': accessNotJudged,
  'disk-not-judged': diskNotJudged,
  'contents-not-judged': contentsNotJudged,
  'security-module-denies': securityModuleDenies,
  'registry-not-answering': registryNotAnswering,
  'registry-unwell': registryUnwell,
  'redis-unreachable': redisUnreachable,
  'pushes-failed': pushesFailed,
  'pulls-failed': pullsFailed,
  'breaks-at-next-reboot': breaksAtNextReboot,
  'breaks-at-next-reconfigure': breaksAtNextReconfigure,
  'health-check-off': healthCheckOff,
  'storage-not-on-disk': storageNotOnDisk,
  'images-unseen': imagesUnseen,
  'storage-empty': storageEmpty,
  'world-writable-storage': worldWritableStorage,
};

export const CHECKS: readonly AnyCheck[] = Object.values(CHECK_OF);

function isChecked(id: FindingId): id is CheckedFindingId {
  return Object.hasOwn(CHECK_OF, id);
}

/** Whether such a finding, even as a warning, keeps the registry from being called healthy. One of the connection always does. */
export function isInconclusive(id: FindingId): boolean {
  return isChecked(id) ? CHECK_OF[id].inconclusive === true : true;
}

export function faultKindOf(id: FindingId): FaultKind {
  return (isChecked(id) ? CHECK_OF[id].faultKind : undefined) ?? 'service';
}
