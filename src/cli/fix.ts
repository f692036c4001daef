import type { Command } from 'commander';
import type { FixOptions } from './fix/fix-host.ts';
import { advisingAsCalled, programAsCalled } from './terminal/as-called.ts';
import { type CommandLine, withConfig } from './terminal/command-line.ts';
import { EXIT } from './terminal/exit-status.ts';

/** Adds `fix`. */
export function addFix(program: Command, commandLine: CommandLine): void {
  const { console, exitWith } = commandLine;
  const { words } = console;
  withConfig(program.command('fix').description(words.cli.DESCRIPTIONS.fix), words)
    .argument('<host>', words.cli.DESCRIPTIONS.hostArgument)
    .requiredOption('--key <file>', words.cli.DESCRIPTIONS.fixKey)
    .addHelpText('after', words.cli.DESCRIPTIONS.fixExits)
    .action(async (host: string, options: Omit<FixOptions, 'host'>) =>
      exitWith(await fix({ ...options, host }, commandLine)),
    );
}

async function fix(options: FixOptions, commandLine: CommandLine): Promise<number> {
  const { loadConfig } = await import('./terminal/load-config.ts');
  const config = await loadConfig(options.config, commandLine.console);
  if (config === null) return EXIT.usage;
  const { fixHost } = await import('./fix/fix-host.ts');
  const { console, process } = commandLine;
  const called = { program: programAsCalled(process), config: options.config, host: options.host };
  return fixHost(options, config, { console: advisingAsCalled(console, called), process });
}
