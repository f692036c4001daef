import type { CheckedFindingId, FaultKind, FindingId } from '../../model/diagnosis/finding.ts';
import type { AnyCheck, Check } from './check.ts';
import { contentsNotJudged } from './contents/contents-not-judged.ts';
import { imageDataMissing } from './contents/image-data-missing.ts';
import { imagesUnseen } from './contents/images-unseen.ts';
import { innerDirectoryUnusable } from './contents/inner-directory-unusable.ts';
import { innerFileUnusable } from './contents/inner-file-unusable.ts';
import { storageEmpty } from './contents/storage-empty.ts';
import { worldWritableStorage } from './contents/world-writable-storage.ts';
import { wrongOwner } from './contents/wrong-owner.ts';
import { diskNotJudged } from './disk/disk-not-judged.ts';
import { filesystemFull } from './disk/filesystem-full.ts';
import { mountMissing } from './disk/mount-missing.ts';
import { mountOptionsDeny } from './disk/mount-options-deny.ts';
import { readonlyMount } from './disk/readonly-mount.ts';
import { serverDenies } from './disk/server-denies.ts';
import { staleHandle } from './disk/stale-handle.ts';
import { storageSpansFilesystems } from './disk/storage-spans-filesystems.ts';
import { wrongDiskMounted } from './disk/wrong-disk-mounted.ts';
import { breaksAtNextReboot } from './durability/breaks-at-next-reboot.ts';
import { breaksAtNextReconfigure } from './durability/breaks-at-next-reconfigure.ts';
import { containerSeesOldMount } from './namespace/container-sees-old-mount.ts';
import { lookedFromInside } from './namespace/looked-from-inside.ts';
import { otherMountNamespace } from './namespace/other-mount-namespace.ts';
import { accessDisagreement } from './path/access-disagreement.ts';
import { accessNotJudged } from './path/access-not-judged.ts';
import { danglingLink } from './path/dangling-link.ts';
import { fileUnusable } from './path/file-unusable.ts';
import { immutableDirectory } from './path/immutable-directory.ts';
import { nosymfollowMount } from './path/nosymfollow-mount.ts';
import { notADirectory } from './path/not-a-directory.ts';
import { pathNotVisible } from './path/path-not-visible.ts';
import { protectedSymlink } from './path/protected-symlink.ts';
import { securityModuleDenies } from './path/security-module-denies.ts';
import { storageRootMissing } from './path/storage-root-missing.ts';
import { storageRootUnusable } from './path/storage-root-unusable.ts';
import { symlinkLoop } from './path/symlink-loop.ts';
import { untraversableAncestor } from './path/untraversable-ancestor.ts';
import { addressUnavailable } from './process/address-unavailable.ts';
import { configChangedSinceStart } from './process/config-changed-since-start.ts';
import { configInvalid } from './process/config-invalid.ts';
import { foreignRegistryProcess } from './process/foreign-registry-process.ts';
import { identityUnknown } from './process/identity-unknown.ts';
import { lockFile } from './process/lock-file.ts';
import { noPlanCanRun } from './process/no-plan-can-run.ts';
import { outOfMemory } from './process/out-of-memory.ts';
import { portNotPermitted } from './process/port-not-permitted.ts';
import { portTaken } from './process/port-taken.ts';
import { restartLoop } from './process/restart-loop.ts';
import { serviceNotRunning } from './process/service-not-running.ts';
import { storageRootUnknown } from './process/storage-root-unknown.ts';
import { umaskTooTight } from './process/umask-too-tight.ts';
import { unexpectedServiceUser } from './process/unexpected-service-user.ts';
import { clockSkew } from './service/clock-skew.ts';
import { databaseUnreachable } from './service/database-unreachable.ts';
import { healthCheckOff } from './service/health-check-off.ts';
import { maintenanceMode } from './service/maintenance-mode.ts';
import { objectStorageFailing } from './service/object-storage-failing.ts';
import { pullsFailed } from './service/pulls-failed.ts';
import { pushesFailed } from './service/pushes-failed.ts';
import { redisRefusesWrites } from './service/redis-refuses-writes.ts';
import { redisUnreachable } from './service/redis-unreachable.ts';
import { registryNotAnswering } from './service/registry-not-answering.ts';
import { registryUnwell } from './service/registry-unwell.ts';
import { serverErrors } from './service/server-errors.ts';
import { storageNotOnDisk } from './service/storage-not-on-disk.ts';
import { tokenCertificateMismatch } from './service/token-certificate-mismatch.ts';
import { upstreamUnreachable } from './service/upstream-unreachable.ts';

/**
 * Every check, root causes before their consequences: the first finding is the one to act on. A finding without a check
 * doesn't compile.
 */
const CHECK_OF: { readonly [Id in CheckedFindingId]: Check<Id> } = {
  // Everything below is about the config as it stands now.
  'config-changed-since-start': configChangedSinceStart,
  'container-sees-old-mount': containerSeesOldMount,
  // If a disk is unmounted, everything at and below its mount point belongs to the directory underneath.
  'mount-missing': mountMissing,
  'wrong-disk-mounted': wrongDiskMounted,
  'stale-handle': staleHandle,
  // A broken path comes before closed directories on it, because opening them would not bring the storage back.
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
  // What the process closes to itself, it closes again after each repair.
  'umask-too-tight': umaskTooTight,
  'wrong-owner': wrongOwner,
  'storage-root-unusable': storageRootUnusable,
  'inner-directory-unusable': innerDirectoryUnusable,
  'storage-spans-filesystems': storageSpansFilesystems,
  'file-unusable': fileUnusable,
  'image-data-missing': imageDataMissing,
  'inner-file-unusable': innerFileUnusable,
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
  'server-errors': serverErrors,
  'breaks-at-next-reboot': breaksAtNextReboot,
  'breaks-at-next-reconfigure': breaksAtNextReconfigure,
  'health-check-off': healthCheckOff,
  'storage-not-on-disk': storageNotOnDisk,
  'images-unseen': imagesUnseen,
  'storage-empty': storageEmpty,
  'world-writable-storage': worldWritableStorage,
  'no-plan-can-run': noPlanCanRun,
};

export const CHECKS: readonly AnyCheck[] = Object.values(CHECK_OF);

function isChecked(id: FindingId): id is CheckedFindingId {
  return Object.hasOwn(CHECK_OF, id);
}

/**
 * Whether a finding of this kind, even as a warning, keeps the registry from being called healthy. A finding for a host
 * that gave no usable answer always does.
 */
export function isInconclusive(id: FindingId): boolean {
  return isChecked(id) ? CHECK_OF[id].inconclusive === true : true;
}

export function faultKindOf(id: FindingId): FaultKind {
  return (isChecked(id) ? CHECK_OF[id].faultKind : undefined) ?? 'service';
}
