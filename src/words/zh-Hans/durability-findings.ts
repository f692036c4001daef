import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path } from '../from-host.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { lastingChange, threatSentence } from './durability.ts';

type DurabilityFinding = FindingOf<'breaks-at-next-reboot' | 'breaks-at-next-reconfigure'>;

/** Words for what holds today and will not hold. */
export const DURABILITY_WORDS = {
  'breaks-at-next-reboot': { headline: null, words: (finding, context) => breaksAt(say`重启`, finding, context) },
  'breaks-at-next-reconfigure': {
    headline: null,
    words: (finding, context) => breaksAt(say`执行 ${code('gitlab-ctl reconfigure')} `, finding, context),
  },
} satisfies Partial<WordsById>;

function breaksAt(when: Phrase, finding: DurabilityFinding, { host }: FindingContext): FindingWords {
  const { threats } = finding;
  return {
    title: say`${host} 上的 Registry 会在下次${when}时失去对存储目录的访问`,
    because: say`它现在可以使用 ${path(finding.path)}。${threats.flatMap(threatSentence)}`,
    remedy: say`${threats.flatMap(lastingChange)}权限现在无需修改。`,
  };
}
