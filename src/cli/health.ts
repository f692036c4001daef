import type { Config } from '../config/config.ts';
import { storeConfig } from '../config/serve-config.ts';
import type { HealthSilence, PartTrouble } from '../model/health.ts';
import { visibleText } from '../words/visible-text.ts';
import type { Console } from './terminal/console.ts';
import { EXIT } from './terminal/exit-status.ts';
import { refuse } from './terminal/load-config.ts';

/** What the bot answers, in the shape of `http/`: a command is given that, and does not import it. */
type HealthReport = {
  readonly state: 'healthy' | 'unhealthy';
  readonly parts: Readonly<
    Record<string, { readonly state: 'healthy' } | { readonly state: 'unhealthy'; readonly why: PartTrouble }>
  >;
};
export type HealthAnswer =
  | { readonly kind: 'report'; readonly report: HealthReport }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'no-answer'; readonly why: HealthSilence };

export type HealthParts = {
  readonly console: Console;
  recordFileOf(storeUrl: string): string;
  isThere(file: string): boolean;
  socketFileOf(storeUrl: string): string;
  ask(socketFile: string, timeoutMs: number): Promise<HealthAnswer>;
};

/** More than the bot itself gives each of its parts. */
const TIMEOUT_MS = 5_000;

/** `health`: asks the running bot how it is; for a container's health check. */
export async function healthCommand(file: string, config: Config, parts: HealthParts): Promise<number> {
  const { console } = parts;
  const store = storeConfig(config);
  if (store.kind !== 'ok') {
    refuse(file, store.problems, console);
    return EXIT.usage;
  }
  const record = parts.recordFileOf(store.value.url);
  if (!parts.isThere(record)) {
    console.err(console.words.health.noRecordYet(record));
    return EXIT.notGood;
  }
  const socketFile = parts.socketFileOf(store.value.url);
  const answer = await parts.ask(socketFile, TIMEOUT_MS);
  if (answer.kind === 'report') return told(answer.report, console);
  console.err(
    answer.kind === 'nobody'
      ? console.words.health.nobodyAnswers(record, socketFile)
      : visibleText(console.words.health.healthUnknown(socketFile, answer.why)),
  );
  return EXIT.notGood;
}

function told({ state, parts }: HealthReport, console: Console): number {
  for (const [name, part] of Object.entries(parts)) {
    console.out(`${visibleText(console.words.health.partLine(name, part.state === 'healthy' ? null : part.why))}\n`);
  }
  return state === 'healthy' ? EXIT.good : EXIT.notGood;
}
