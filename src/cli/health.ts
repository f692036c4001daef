import type { Command } from 'commander';
import type { HealthReport } from '../compose/bot-health.ts';
import { visibleText } from '../words/visible-text.ts';
import { type CommandLine, type WithConfig, withConfig } from './terminal/command-line.ts';
import type { Console } from './terminal/console.ts';
import { EXIT } from './terminal/exit-status.ts';

/** Longer than the bot's own limit for the check of each part. */
const TIMEOUT_MS = 5_000;

/** Adds `health`. */
export function addHealth(program: Command, { console, exitWith }: CommandLine): void {
  const { words } = console;
  withConfig(program.command('health').description(words.cli.DESCRIPTIONS.health), words).action(
    async ({ config }: WithConfig) => exitWith(await health(config, console)),
  );
}

/** `health`: asks the running bot for its health, for a container's health check. */
async function health(configFile: string, console: Console): Promise<number> {
  const { botHealth } = await import('../compose/bot-health.ts');
  const { storeOf } = await import('./terminal/store-of.ts');
  const store = await storeOf(configFile, console);
  if (store === null) return EXIT.usage;
  const { record, isMissing, socketFile, ask } = botHealth(store);
  if (isMissing) {
    console.err(console.words.health.noRecordYet(record));
    return EXIT.notGood;
  }
  const answer = await ask(TIMEOUT_MS);
  if (answer.kind === 'report') return printReport(answer.report, configFile, console);
  console.err(
    answer.kind === 'nobody'
      ? console.words.health.nobodyAnswers(record, socketFile)
      : visibleText(console.words.health.healthUnknown(socketFile, answer.why)),
  );
  return EXIT.notGood;
}

/** Prints one line for each part. Returns the exit status. */
function printReport({ state, parts }: HealthReport, configFile: string, { out, words }: Console): number {
  for (const [name, part] of Object.entries(parts)) {
    out(`${visibleText(words.health.partLine(name, part.state === 'healthy' ? null : part.why))}\n`);
    if (part.state === 'unhealthy' || part.note === undefined) continue;
    for (const line of words.health.noteLine(configFile, part.note).split('\n')) out(`  ${visibleText(line)}\n`);
  }
  return state === 'healthy' ? EXIT.good : EXIT.notGood;
}
