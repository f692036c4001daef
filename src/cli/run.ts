import { OperatorError } from '../model/operator-error.ts';
import { PRODUCT_VERSION } from '../model/product-version.ts';
import { wordsFor } from '../words/index.ts';
import { createProgram, runProgram } from './program.ts';
import { asCalled, programAsCalled } from './terminal/as-called.ts';
import type { CommandLine } from './terminal/command-line.ts';
import { createConsole } from './terminal/console.ts';
import { EXIT } from './terminal/exit-status.ts';
import { terminalLanguage } from './terminal/terminal-language.ts';

/** Runs the command that the process was called with. What goes wrong is told on stderr and by the exit status. */
export async function run(process: NodeJS.Process): Promise<void> {
  const { stdout, stderr, env: environment } = process;
  const args = process.argv.slice(2);
  const words = wordsFor(terminalLanguage(args, environment));
  const console = createConsole({ stdout, stderr, environment, words });
  const exitWith = (status: number) => {
    process.exitCode = status;
  };
  const commandLine: CommandLine = { console, process, exitWith };
  try {
    await runProgram(createProgram(PRODUCT_VERSION, commandLine), args, commandLine);
  } catch (error) {
    const isForOperator = error instanceof OperatorError;
    const said = isForOperator
      ? words.operatorProblem.operatorProblem(error.operatorProblem)
      : words.cli.unexpected(error);
    console.err(asCalled(said, { program: programAsCalled(process), config: null, host: null }));
    exitWith(isForOperator ? EXIT.notGood : EXIT.bug);
  }
}
