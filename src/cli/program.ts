import { Command, CommanderError, Option } from 'commander';
import { LOCALES } from '../model/settings/locale.ts';
import { addAudit } from './audit.ts';
import { addCheck } from './check.ts';
import { addDiagnose } from './diagnose.ts';
import { addFix } from './fix.ts';
import { addHealth } from './health.ts';
import { addHost } from './host.ts';
import { addPlayground } from './playground.ts';
import { addServe } from './serve.ts';
import { addSign } from './sign.ts';
import type { CommandLine } from './terminal/command-line.ts';
import { EXIT } from './terminal/exit-status.ts';
import { inWordsOf } from './terminal/help.ts';

/** In the order of the help. */
const COMMANDS = [addServe, addDiagnose, addCheck, addAudit, addHost, addSign, addFix, addHealth, addPlayground];

/** Builds the command line without running any of its commands. */
export function createProgram(version: string, commandLine: CommandLine): Command {
  const { console } = commandLine;
  const { DESCRIPTIONS } = console.words.cli;
  const program = new Command('registry-doctor')
    .description(DESCRIPTIONS.program)
    .version(version, '-V, --version', console.words.usage.HELP.version)
    .addOption(new Option('--lang <language>', DESCRIPTIONS.lang).choices(LOCALES))
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => console.out(text), writeErr: (text) => console.err(text.trimEnd()) });
  inWordsOf(program, console.words);
  for (const add of COMMANDS) add(program, commandLine);
  return program;
}

/** Parses the arguments and runs the command that they name. Reports wrong usage on stderr and by the exit status. */
export async function runProgram(
  program: Command,
  args: readonly string[],
  { exitWith }: Pick<CommandLine, 'exitWith'>,
): Promise<void> {
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // commander ends help on request with 0 and wrong usage with 1. Here wrong usage is 2, because 1 means something
    // else.
    exitWith(error.exitCode === 0 ? EXIT.good : EXIT.usage);
  }
}
