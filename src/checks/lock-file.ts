import type { Check } from './check.ts';
import { servesNobody } from './registry-answer.ts';
import { complaintOfThisStart, saidBy } from './registry-words.ts';

/**
 * GitLab's registry keeps a lock file in its storage that says whether the database or the filesystem holds the metadata, and
 * ends at its start where config and lock file disagree (handlers/app.go, storage/locker.go).
 */
export const lockFile: Check = {
  id: 'lock-file',
  look({ facts }) {
    const complaint = servesNobody(facts) ? complaintOfThisStart(facts, 'lock-file') : null;
    if (complaint === null) return [];
    return [{ id: 'lock-file', severity: 'fault', proof: 'evaluated', path: null, said: saidBy(complaint) }];
  },
};
