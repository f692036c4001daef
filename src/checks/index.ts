import type { JudgedAccess } from '../access/judge-access.ts';
import type { Finding } from '../model/finding.ts';
import { accessDisagreement } from './access-disagreement.ts';
import { accessNotJudged } from './access-not-judged.ts';
import type { Check } from './check.ts';
import { danglingLink } from './dangling-link.ts';
import { healthCheckOff } from './health-check-off.ts';
import { identityUnknown } from './identity-unknown.ts';
import { immutableDirectory } from './immutable-directory.ts';
import { nosymfollowMount } from './nosymfollow-mount.ts';
import { notADirectory } from './not-a-directory.ts';
import { otherMountNamespace } from './other-mount-namespace.ts';
import { pathNotVisible } from './path-not-visible.ts';
import { protectedSymlink } from './protected-symlink.ts';
import { readonlyMount } from './readonly-mount.ts';
import { registryNotAnswering } from './registry-not-answering.ts';
import { registryUnwell } from './registry-unwell.ts';
import { securityModuleDenies } from './security-module-denies.ts';
import { serviceNotRunning } from './service-not-running.ts';
import { storageNotOnDisk } from './storage-not-on-disk.ts';
import { storageRootMissing } from './storage-root-missing.ts';
import { storageRootUnknown } from './storage-root-unknown.ts';
import { storageRootUnusable } from './storage-root-unusable.ts';
import { symlinkLoop } from './symlink-loop.ts';
import { unexpectedServiceUser } from './unexpected-service-user.ts';
import { untraversableAncestor } from './untraversable-ancestor.ts';

/** Every check, root causes before what follows from them: the first finding is the one to act on. */
export const CHECKS: readonly Check[] = [
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
  storageRootUnusable,
  serviceNotRunning,
  otherMountNamespace,
  storageRootUnknown,
  identityUnknown,
  unexpectedServiceUser,
  pathNotVisible,
  accessDisagreement,
  accessNotJudged,
  securityModuleDenies,
  registryNotAnswering,
  registryUnwell,
  healthCheckOff,
  storageNotOnDisk,
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
  return found.flatMap(({ check, findings }) => {
    const isConsequence = check.consequenceOf?.some((cause) => faults.has(cause)) ?? false;
    return isConsequence ? findings.map((finding): Finding => ({ ...finding, severity: 'info' })) : findings;
  });
}

function isFault(finding: Finding): boolean {
  return finding.severity === 'fault';
}
