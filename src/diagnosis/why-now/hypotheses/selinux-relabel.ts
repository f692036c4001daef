import { knownValue } from '../../../model/fact.ts';
import { evidence } from '../evidence.ts';
import { eventsOf, type FaultContext } from '../fault-context.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';

/**
 * Since the boot a security module denies what it allowed before: labels were lost or set again, or SELinux was made
 * enforcing. Only a denial of the registry itself in the log of this boot is evidence for it.
 */
export const selinuxRelabel: JudgeHypothesis = (context) => {
  if (context.fault !== 'denied' && context.fault !== 'security' && context.fault !== 'service') return null;
  const denials = denialsSinceBoot(context);
  if (denials.length > 0) return supported('strong', denials);
  const security = knownValue(context.facts.security);
  if (context.fault === 'security') {
    return supported('weak', [evidence('security-module-told')], [evidence('security-log')]);
  }
  if (security === null || security.selinux.state === 'unknown') return undecided([], [evidence('security-state')]);
  const label = knownValue(security.processLabel);
  if (security.selinux.state === 'known' && security.selinux.value === 'enforcing') {
    return undecided([evidence('security-module-on', { text: 'SELinux' })], [evidence('security-log')]);
  }
  // With SELinux off, a label is a profile of another module.
  if (security.selinux.state === 'absent' && label !== null) {
    return undecided([evidence('security-module-on', { text: label })], [evidence('security-log')]);
  }
  const state = knownValue(security.selinux) ?? 'absent';
  return context.fault === 'service' ? null : refuted([evidence('security-module-off', { text: state })]);
};

function denialsSinceBoot(context: FaultContext) {
  const { bootedAt, slack } = context;
  if (bootedAt === null) return [];
  return eventsOf(context, 'security-denial')
    .filter(({ at }) => at >= bootedAt - slack)
    .slice(-2)
    .map(({ at, path, text }) => evidence('security-denial', { at, path, text }));
}
