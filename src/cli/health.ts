import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { HealthReport } from '../compose/bot-health.ts';
import { visibleText } from '../words/visible-text.ts';
import { type CommandLine, type WithConfig, withConfig } from './terminal/command-line.ts';
import type { Console } from './terminal/console.ts';
import { EXIT } from './terminal/exit-status.ts';

/** More than the bot itself gives each of its parts. */
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
  const { loadConfig, loadedStore } = await import('./terminal/load-config.ts');
  const { botHealth } = await import('../compose/bot-health.ts');
  const config = await loadConfig(configFile, console);
  const store = config && loadedStore(configFile, config, console);
  if (store === null) return EXIT.usage;
  const { recordFile, socketFile, ask } = botHealth(store.url);
  if (!existsSync(recordFile)) {
    console.err(console.words.health.noRecordYet(recordFile));
    return EXIT.notGood;
  }
  const answer = await ask(TIMEOUT_MS);
  if (answer.kind === 'report') return printReport(answer.report, console);
  console.err(
    answer.kind === 'nobody'
      ? console.words.health.nobodyAnswers(recordFile, socketFile)
      : visibleText(console.words.health.healthUnknown(socketFile, answer.why)),
  );
  return EXIT.notGood;
}

/** Prints one line for each part. Returns the exit status. */
function printReport({ state, parts }: HealthReport, console: Console): number {
  for (const [name, part] of Object.entries(parts)) {
    console.out(`${visibleText(console.words.health.partLine(name, part.state === 'healthy' ? null : part.why))}\n`);
  }
  return state === 'healthy' ? EXIT.good : EXIT.notGood;
}
