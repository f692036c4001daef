import { EventEmitter, on } from 'node:events';
import type { Command } from 'commander';
import { type CommandLine, type WithConfig, withConfig } from './terminal/command-line.ts';
import type { Console } from './terminal/console.ts';
import { EXIT } from './terminal/exit-status.ts';

/** Adds `serve`. */
export function addServe(program: Command, commandLine: CommandLine): void {
  const { console, exitWith } = commandLine;
  const { words } = console;
  withConfig(program.command('serve').description(words.cli.DESCRIPTIONS.serve), words)
    .option('--drain', words.cli.DESCRIPTIONS.drain, false)
    .action(async ({ config, drain }: WithConfig & { readonly drain: boolean }) =>
      exitWith(await (drain ? drainBot(config, console) : serve(config, commandLine))),
    );
}

async function drainBot(configFile: string, console: Console): Promise<number> {
  const { drainCommand } = await import('./serve/drain-bot.ts');
  return drainCommand(configFile, console);
}

async function serve(configFile: string, { console, process }: CommandLine): Promise<number> {
  // As process 1 of a container, Node would not get a signal that comes before this.
  const stopSignal = firstSignal(process);
  const reloads = reloadSignals(process);
  const { loadConfig } = await import('./terminal/load-config.ts');
  const config = await loadConfig(configFile, console);
  if (config === null) return EXIT.usage;
  const { serveCommand } = await import('./serve/serve-bot.ts');
  const { serve: start } = await import('../compose/bot.ts');
  const { createLog } = await import('../log.ts');
  return serveCommand(configFile, config, {
    console,
    environment: process.env,
    logsToTerminal: process.stdout.isTTY === true,
    createLog: (level, secrets) => createLog(level, { secrets }),
    start,
    stopSignal: () => stopSignal,
    reloads,
  });
}

/** Resolves at the first signal, which requests a clean end. A second signal ends the program at once. */
function firstSignal(process: NodeJS.Process): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const onSignal = (signal: string) => {
    resolve(signal);
    for (const again of ['SIGTERM', 'SIGINT']) process.once(again, () => process.exit(EXIT.notGood));
  };
  for (const first of ['SIGTERM', 'SIGINT']) process.once(first, onSignal);
  return promise;
}

/**
 * Yields once for each SIGHUP. Never on a terminal: there SIGHUP says that the terminal was closed, and ends the
 * process.
 */
function reloadSignals(process: NodeJS.Process): AsyncIterableIterator<unknown> {
  if (process.stdout.isTTY) return on(new EventEmitter(), 'never');
  return on(process, 'SIGHUP');
}
