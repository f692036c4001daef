import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path } from '../from-host.ts';
import { code, type Phrase, say, separated } from '../phrase.ts';
import { lastingChange, threatSentence } from './durability.ts';

type DurabilityFinding = FindingOf<'breaks-at-next-reboot' | 'breaks-at-next-reconfigure'>;

/** Words for what holds today and will not hold. */
export const DURABILITY_WORDS = {
  'breaks-at-next-reboot': { headline: null, words: (finding, context) => breaksAt(say`reboot`, finding, context) },
  'breaks-at-next-reconfigure': {
    headline: null,
    words: (finding, context) => breaksAt(say`${code('gitlab-ctl reconfigure')}`, finding, context),
  },
} satisfies Partial<WordsById>;

function breaksAt(when: Phrase, finding: DurabilityFinding, { host }: FindingContext): FindingWords {
  const { threats } = finding;
  return {
    title: say`The registry on ${host} will lose access to its storage at the next ${when}`,
    because: say`It can use ${path(finding.path)} now. ${separated(threats.map(threatSentence), ' ')}`,
    remedy: say`${separated(threats.map(lastingChange), ' ')} The permissions need no change now.`,
  };
}
