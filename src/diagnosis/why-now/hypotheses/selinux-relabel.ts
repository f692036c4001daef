import { knownValue } from '../../../model/fact.ts';
import { evidence } from '../evidence.ts';
import { eventsOf, type FaultContext } from '../fault-context.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';

/**
 * Hypothesis: since the boot, a security module has denied what it allowed before, because labels were lost or changed,
 * or SELinux became enforcing. A logged denial of the registry since the boot is strong evidence. An access that the
 * module was seen to deny now is weak evidence without a log line.
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
  // Without SELinux on the host, a security label is the profile of another module, such as AppArmor.
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
