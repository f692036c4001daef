import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Finding } from '../../model/finding.ts';
import { connectionWords } from './connection-findings.ts';
import type { FindingWords } from './finding-words.ts';
import { obstacleWords } from './obstacle-findings.ts';
import { serviceWords } from './service-findings.ts';
import { storageWords } from './storage-findings.ts';

/** What a finding says to people: what is wrong, why it is so, and what to do. */
export function findingWords(finding: Finding, diagnosis: Pick<Diagnosis, 'host' | 'service' | 'plan'>): FindingWords {
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
    case 'service-not-running':
    case 'identity-unknown':
    case 'unexpected-service-user':
    case 'storage-root-unknown':
    case 'other-mount-namespace':
    case 'storage-not-on-disk':
    case 'health-check-off':
    case 'registry-unwell':
    case 'registry-not-answering':
      return serviceWords(finding, diagnosis);
    case 'host-unreachable':
    case 'host-key-mismatch':
    case 'authentication-failed':
    case 'sudo-refused':
    case 'probe-timed-out':
    case 'probe-malformed':
      return connectionWords(finding, diagnosis);
  }
}
