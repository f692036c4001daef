import { absent, known, knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { SecurityModule } from '../../../model/host/security-module.ts';

/** A security module that might deny the registry's process what owner, mode and ACL allow. */
export type Confinement = { readonly module: SecurityModule; readonly label: string | null };

/** `PROFILE (MODE)` (apparmor(7)). Profiles in these modes deny nothing. */
const APPARMOR = /^.+ \((\w+)\)$/s;
const APPARMOR_LETS_PASS: ReadonlySet<string> = new Set(['complain', 'unconfined']);
/** `user:role:type:level`. SELinux's targeted policy does not restrict these two types. */
const SELINUX = /^[^:]+:[^:]+:([^:]+)/;
const SELINUX_UNCONFINED: ReadonlySet<string> = new Set(['unconfined_t', 'unconfined_service_t']);

/**
 * The security module that confines the registry's process: its AppArmor profile, or an enforcing SELinux. Access tests
 * on the host run with the registry's ids but not with its label, so they don't show what the module denies. Null:
 * none, as far as known.
 */
export function confinementOf({ security }: Facts): Confinement | null {
  if (security.state !== 'known') return null;
  const { selinux, processLabel } = security.value;
  const label = knownValue(processLabel);
  const mode = label === null ? undefined : APPARMOR.exec(label)?.[1];
  if (mode !== undefined) return APPARMOR_LETS_PASS.has(mode) ? null : { module: 'apparmor', label };
  const isEnforcing = selinux.state === 'known' && selinux.value === 'enforcing';
  const type = label === null ? undefined : SELINUX.exec(label)?.[1];
  if (type === undefined) return confinedByOther(label, isEnforcing);
  return isEnforcing && !SELINUX_UNCONFINED.has(type) ? { module: 'selinux', label } : null;
}

/**
 * Removes the confinement from facts for a prediction: they don't say what a security module will decide about a new
 * state.
 */
export function withoutConfinement(facts: Facts): Facts {
  if (facts.security.state !== 'known') return facts;
  const security = { ...facts.security.value, selinux: absent, processLabel: absent };
  return { ...facts, security: known(security) };
}

function confinedByOther(label: string | null, isEnforcing: boolean): Confinement | null {
  if (isEnforcing) return { module: 'selinux', label };
  return label === null ? null : { module: 'other', label };
}
