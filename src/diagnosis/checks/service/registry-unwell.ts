import { knownValue } from '../../../model/fact.ts';
import { type Check, SHOWS_A_STUB } from '../check.ts';
import { isServing } from '../evidence/registry-answer.ts';

/**
 * The registry itself reports that it is unhealthy. If the path to its storage root is closed, its stat(2) fails and so
 * does its health check: then this finding is only the consequence.
 */
export const registryUnwell: Check<'registry-unwell'> = {
  id: 'registry-unwell',
  consequenceOf: [
    'database-unreachable',
    'object-storage-failing',
    'port-taken',
    'untraversable-ancestor',
    'not-a-directory',
    ...SHOWS_A_STUB,
    'stale-handle',
    'server-denies',
    'mount-options-deny',
    'symlink-loop',
    'nosymfollow-mount',
    'protected-symlink',
    'security-module-denies',
  ],
  look({ facts }) {
    const v2 = knownValue(facts.v2);
    const health = knownValue(facts.health);
    const saysSo = (v2 && !isServing(v2)) || (health && health.status !== 200);
    return !saysSo ? [] : [{ id: 'registry-unwell', severity: 'fault', proof: 'evaluated', path: null, v2, health }];
  },
};
