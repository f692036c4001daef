#!/usr/bin/env node
import packageJson from '../package.json' with { type: 'json' };
import { type Commands, runProgram } from './cli/program.ts';
import { createConsole } from './cli/terminal/console.ts';
import { EXIT } from './cli/terminal/exit-status.ts';
import { terminalLanguage } from './cli/terminal/terminal-language.ts';
import { createCommands } from './commands.ts';
import { OperatorError } from './model/operator-error.ts';
import { wordsFor } from './words/index.ts';

const locale = terminalLanguage(process.argv.slice(2), process.env);
const words = wordsFor(locale);
const console = createConsole({ stdout: process.stdout, stderr: process.stderr, environment: process.env, words });

// `registry-doctor … | head` closes the pipe early; that ends the program as SIGPIPE ends others, and is no fault.
const endWithReader = (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(128 + 13);
  throw error;
};
process.stdout.on('error', endWithReader);

const commands: Commands = {
  ...createCommands(console, process),
  playground: async ({ yes }) => {
    const { play } = await import('./playground/play.ts');
    // It has to take away first what it has built.
    process.stdout.off('error', endWithReader);
    return play({ yes, input: process.stdin, output: process.stdout, locale });
  },
};

try {
  process.exitCode = await runProgram(process.argv.slice(2), packageJson.version, commands, console);
} catch (error) {
  const isForOperator = error instanceof OperatorError;
  const { words } = console;
  console.err(
    isForOperator ? words.operatorProblem.operatorProblem(error.operatorProblem) : words.cli.unexpected(error),
  );
  process.exitCode = isForOperator ? EXIT.notGood : EXIT.bug;
}
