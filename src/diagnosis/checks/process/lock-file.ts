import type { Check } from '../check.ts';
import { complaintOfThisStart, quoteOf, STORAGE_CAUSES } from '../evidence/log-complaints.ts';
import { servesNoOne } from '../evidence/registry-answer.ts';

/**
 * The lock file could not be read or written, which is the storage's fault. Otherwise it exists and contradicts the
 * config.
 */
const OUT_OF_REACH = /could not check|failed to mark/;

/**
 * GitLab's registry keeps a lock file in its storage that says whether the database or the filesystem holds the
 * metadata, and ends at its start if config and lock file disagree (handlers/app.go, storage/locker.go).
 */
export const lockFile: Check<'lock-file'> = {
  id: 'lock-file',
  consequenceOf: (finding) =>
    finding.id === 'lock-file' && OUT_OF_REACH.test(finding.said.words) ? STORAGE_CAUSES : [],
  look({ facts }) {
    const complaint = servesNoOne(facts) ? complaintOfThisStart(facts, 'lock-file') : null;
    if (complaint === null) return [];
    return [{ id: 'lock-file', severity: 'fault', proof: 'evaluated', path: null, said: quoteOf(complaint) }];
  },
};
