import { judgeFacts } from '../../diagnosis/judge-facts.ts';
import { readFacts } from '../files/facts-file.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT, EXIT_BY_VERDICT } from '../terminal/exit-status.ts';
import { printDiagnosis } from './print-diagnosis.ts';

/** `diagnose --facts F`: the same judgment of saved facts, without any host. */
export async function diagnoseFactsCommand(
  options: { readonly facts: string; readonly json: boolean },
  console: Console,
): Promise<number> {
  const read = await readFacts(options.facts, console.words);
  if (read.kind === 'problem') {
    console.err(console.words.cli.factsUnreadable(options.facts, read.why));
    return EXIT.usage;
  }
  const startedAt = performance.now();
  const judged = judgeFacts(read.facts);
  const diagnosis = { ...judged, durationMs: Math.round(performance.now() - startedAt) };
  printDiagnosis(diagnosis, options.json, console);
  return EXIT_BY_VERDICT[diagnosis.verdict];
}
