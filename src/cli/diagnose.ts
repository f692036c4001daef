import type { Command } from 'commander';
import type { DiagnoseHostOptions } from './diagnose/diagnose-host.ts';
import { advisingAsCalled, programAsCalled } from './terminal/as-called.ts';
import type { CommandLine } from './terminal/command-line.ts';
import { EXIT } from './terminal/exit-status.ts';

type DiagnoseOptions = {
  readonly config?: string;
  readonly json: boolean;
  readonly saveFacts?: string;
  readonly facts?: string;
};

/** Adds `diagnose`, of a host or of saved facts. */
export function addDiagnose(program: Command, commandLine: CommandLine): void {
  const { console, exitWith } = commandLine;
  const { DESCRIPTIONS } = console.words.cli;
  program
    .command('diagnose')
    .description(DESCRIPTIONS.diagnose)
    .argument('[host]', DESCRIPTIONS.hostArgument)
    .option('--config <file>', DESCRIPTIONS.config)
    .option('--json', DESCRIPTIONS.json, false)
    .option('--save-facts <file>', DESCRIPTIONS.saveFacts)
    .option('--facts <file>', DESCRIPTIONS.facts)
    .addHelpText('after', DESCRIPTIONS.diagnoseExits)
    .action(async (host: string | undefined, options: DiagnoseOptions, command: Command) =>
      exitWith(await diagnose(host, options, command, commandLine)),
    );
}

async function diagnose(
  host: string | undefined,
  options: DiagnoseOptions,
  command: Command,
  commandLine: CommandLine,
): Promise<number> {
  const { USAGE } = commandLine.console.words.cli;
  const { config, json, saveFacts, facts } = options;
  if (facts !== undefined) {
    if (host !== undefined || config !== undefined || saveFacts !== undefined) return command.error(USAGE.notBoth);
    const { diagnoseFactsCommand } = await import('./diagnose/diagnose-facts.ts');
    const called = { program: programAsCalled(commandLine.process), config: null, host: null };
    const { console } = commandLine;
    return diagnoseFactsCommand({ facts, json }, json ? console : advisingAsCalled(console, called));
  }
  if (host === undefined) return command.error(USAGE.hostOrFacts);
  if (config === undefined) return command.error(USAGE.configNeeded);
  return diagnoseHost({ host, config, json, saveFacts: saveFacts ?? null }, commandLine);
}

async function diagnoseHost(options: DiagnoseHostOptions, { console, process }: CommandLine): Promise<number> {
  const { loadConfig } = await import('./terminal/load-config.ts');
  const config = await loadConfig(options.config, console);
  if (config === null) return EXIT.usage;
  const { diagnoseHostCommand } = await import('./diagnose/diagnose-host.ts');
  const { createDiagnoser } = await import('../compose/diagnoser.ts');
  return diagnoseHostCommand(options, config, {
    console,
    environment: process.env,
    program: programAsCalled(process),
    createDiagnoser: (ssh) => createDiagnoser(config.ssh, ssh, process),
  });
}
