import type { Command } from 'commander';
import { programAsCalled } from './terminal/as-called.ts';
import { type CommandLine, type WithConfig, withConfig } from './terminal/command-line.ts';

/** Adds `check`. */
export function addCheck(program: Command, commandLine: CommandLine): void {
  const { console, exitWith } = commandLine;
  const { words } = console;
  withConfig(program.command('check').description(words.cli.DESCRIPTIONS.check), words)
    .addHelpText('after', words.cli.DESCRIPTIONS.checkExits)
    .action(async ({ config }: WithConfig) => exitWith(await check(config, commandLine)));
}

async function check(configFile: string, { console, process }: CommandLine): Promise<number> {
  const { runChecks } = await import('./check/run-checks.ts');
  return runChecks(configFile, { console, process, program: programAsCalled(process) });
}
