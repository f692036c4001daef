import { resolvePolicy } from '../../../src/config/resolve-policy.ts';
import type { Policy } from '../../../src/model/settings/settings.ts';

/** The default policy with these changes. */
export function policyWith(change: Partial<Policy> = {}): Policy {
  return { ...resolvePolicy([]), ...change };
}
