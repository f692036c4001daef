import type { Reason } from '../../../src/model/reason.ts';
import { reasonClause } from '../../../src/words/en/reasons.ts';
import { plainText } from '../../../src/words/phrase.ts';

/** A reason as people read it. */
export function reasonText(reason: Reason): string {
  return plainText(reasonClause(reason));
}
