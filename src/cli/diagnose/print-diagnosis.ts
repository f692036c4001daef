import { canonicalHash } from '../../hash/canonical-hash.ts';
import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import { diagnosisReport } from '../../telling/json/diagnosis-report.ts';
import { diagnosisText } from '../../telling/text/diagnosis-text.ts';
import { wordsFor } from '../../words/index.ts';
import type { Console } from '../terminal/console.ts';

/** JSON is for scripts, and is the same in every language. */
const ENGLISH = wordsFor('en');

/** Prints a diagnosis as text for people, or as JSON. */
export function printDiagnosis(diagnosis: Diagnosis, json: boolean, console: Console): void {
  if (!json) {
    console.out(diagnosisText(diagnosis, console.style, console.words.cli.DRAFT_NOT_APPROVABLE, console.words));
    return;
  }
  const planHash = diagnosis.plan === null ? null : canonicalHash(diagnosis.plan);
  console.out(`${JSON.stringify(diagnosisReport(diagnosis, planHash, ENGLISH), null, 2)}\n`);
}
