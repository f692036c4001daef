import { resolvePolicy } from '../../src/config/resolve-policy.ts';
import type { Policy } from '../../src/model/settings/settings.ts';

/** What holds where the config says nothing, but for these. */
export function policyWith(change: Partial<Policy> = {}): Policy {
  return { ...resolvePolicy([]), ...change };
}
