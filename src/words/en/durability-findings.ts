import { code, say, separated } from '../phrase.ts';
import { lastingChange, threatSentence } from './durability.ts';
import { type Around, type FindingOf, type FindingWords, path } from './finding-words.ts';

type DurabilityFinding = FindingOf<'breaks-at-next-reboot' | 'breaks-at-next-reconfigure'>;

/** Words for what holds today and will not hold. */
export function durabilityWords(finding: DurabilityFinding, { host }: Around): FindingWords {
  const { threats } = finding;
  const when = finding.id === 'breaks-at-next-reboot' ? say`reboot` : say`${code('gitlab-ctl reconfigure')}`;
  return {
    title: say`The registry on ${host} will be cut off from its storage at the next ${when}`,
    because: say`It can use ${path(finding.path)} now. ${separated(threats.map(threatSentence), ' ')}`,
    remedy: say`${separated(threats.map(lastingChange), ' ')} Nothing has to be done to the modes now.`,
  };
}
