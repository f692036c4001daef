import type { Finding } from '../../model/finding.ts';
import { say } from '../phrase.ts';
import { visiblePath } from '../visible-text.ts';
import { connectionWords } from './connection-findings.ts';
import { contentsWords } from './contents-findings.ts';
import { diskWords } from './disk-findings.ts';
import { durabilityWords } from './durability-findings.ts';
import { failedRequestWords } from './failed-request-findings.ts';
import { fileWords } from './file-findings.ts';
import { type Around, type FindingWords, path } from './finding-words.ts';
import { namespaceWords } from './namespace-findings.ts';
import { obstacleWords } from './obstacle-findings.ts';
import { serviceCauseWords } from './service-cause-findings.ts';
import { serviceWords } from './service-findings.ts';
import { serviceStartWords } from './service-start-findings.ts';
import { storageWords } from './storage-findings.ts';

/** What a finding says to people: what is wrong, why it is so, and what to do. */
export function findingWords(finding: Finding, diagnosis: Around): FindingWords {
  const words = wordsFor(finding, diagnosis);
  if (finding.path === null || finding.hostPath === undefined) return words;
  const { hostPath } = finding;
  const note =
    hostPath === null ? say`only the registry's process sees that place` : say`on the host: ${path(hostPath)}`;
  const place = visiblePath(finding.path);
  const namesPlace = words.title.some((run) => run.kind === 'code' && run.text === place);
  const title = namesPlace ? say`${words.title} (${note})` : words.title;
  if (hostPath === null) return { ...words, title };
  // What is to be done is done on the host, by its own name for the place.
  return { ...words, title, remedy: wordsFor({ ...finding, path: hostPath }, diagnosis).remedy };
}

function wordsFor(finding: Finding, diagnosis: Around): FindingWords {
  switch (finding.id) {
    case 'untraversable-ancestor':
    case 'dangling-link':
    case 'storage-root-missing':
    case 'not-a-directory':
    case 'symlink-loop':
    case 'storage-root-unusable':
    case 'readonly-mount':
    case 'access-disagreement':
    case 'path-not-visible':
    case 'access-not-judged':
      return storageWords(finding, diagnosis);
    case 'immutable-directory':
    case 'protected-symlink':
    case 'nosymfollow-mount':
    case 'security-module-denies':
      return obstacleWords(finding, diagnosis);
    case 'wrong-owner':
    case 'inner-directory-unusable':
    case 'world-writable-storage':
    case 'images-unseen':
    case 'image-data-missing':
    case 'storage-empty':
    case 'contents-not-judged':
      return contentsWords(finding, diagnosis);
    case 'file-unusable':
      return fileWords(finding, diagnosis);
    case 'mount-missing':
    case 'wrong-disk-mounted':
    case 'filesystem-full':
    case 'stale-handle':
    case 'server-denies':
    case 'mount-options-deny':
    case 'storage-spans-filesystems':
    case 'disk-not-judged':
      return diskWords(finding, diagnosis);
    case 'breaks-at-next-reboot':
    case 'breaks-at-next-reconfigure':
      return durabilityWords(finding, diagnosis);
    case 'restart-loop':
    case 'service-not-running':
    case 'port-taken':
    case 'token-certificate-mismatch':
    case 'clock-skew':
    case 'maintenance-mode':
    case 'database-unreachable':
    case 'lock-file':
    case 'redis-unreachable':
    case 'object-storage-failing':
      return serviceCauseWords(finding, diagnosis);
    case 'address-unavailable':
    case 'port-not-permitted':
    case 'config-invalid':
    case 'upstream-unreachable':
    case 'out-of-memory':
    case 'redis-refuses-writes':
      return serviceStartWords(finding);
    case 'pushes-failed':
    case 'pulls-failed':
      return failedRequestWords(finding);
    case 'identity-unknown':
    case 'unexpected-service-user':
    case 'foreign-registry-process':
    case 'storage-root-unknown':
    case 'storage-not-on-disk':
    case 'health-check-off':
    case 'registry-unwell':
    case 'registry-not-answering':
      return serviceWords(finding, diagnosis);
    case 'other-mount-namespace':
    case 'container-sees-old-mount':
    case 'looked-from-inside':
      return namespaceWords(finding, diagnosis);
    case 'login-key-unusable':
    case 'host-unreachable':
    case 'host-key-mismatch':
    case 'authentication-failed':
    case 'sudo-refused':
    case 'probe-timed-out':
    case 'probe-malformed':
      return connectionWords(finding, diagnosis);
  }
}
