import type { Fact } from '../model/fact.ts';
import type { HttpAnswer } from '../model/facts.ts';
import type { Check } from './check.ts';

/** `/v2/` of a registry that is well: 200, or 401 where it asks for a login first (distribution's API specification). */
const WELL_V2: readonly number[] = [200, 401];

/**
 * The registry itself says that it is not well. A closed way to the storage root makes its stat(2) fail, and with that the
 * health check: then this is the consequence.
 */
export const registryUnwell: Check = {
  id: 'registry-unwell',
  consequenceOf: [
    'untraversable-ancestor',
    'not-a-directory',
    'symlink-loop',
    'nosymfollow-mount',
    'protected-symlink',
    'security-module-denies',
  ],
  look({ facts }) {
    const v2 = answerOf(facts.v2);
    const health = answerOf(facts.health);
    const isWell = (!v2 || WELL_V2.includes(v2.status)) && (!health || health.status === 200);
    return isWell ? [] : [{ id: 'registry-unwell', severity: 'fault', proof: 'evaluated', path: null, v2, health }];
  },
};

function answerOf(fact: Fact<HttpAnswer>): HttpAnswer | null {
  return fact.state === 'known' ? fact.value : null;
}
