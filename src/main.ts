#!/usr/bin/env node
import { createProgram, runProgram } from './cli/program.ts';
import { asCalled, programAsCalled } from './cli/terminal/as-called.ts';
import { endWithReader } from './cli/terminal/closed-pipe.ts';
import type { CommandLine } from './cli/terminal/command-line.ts';
import { createConsole } from './cli/terminal/console.ts';
import { EXIT } from './cli/terminal/exit-status.ts';
import { terminalLanguage } from './cli/terminal/terminal-language.ts';
import { OperatorError } from './model/operator-error.ts';
import { PRODUCT_VERSION } from './model/product-version.ts';
import { wordsFor } from './words/index.ts';

const args = process.argv.slice(2);
const words = wordsFor(terminalLanguage(args, process.env));
const console = createConsole({ stdout: process.stdout, stderr: process.stderr, environment: process.env, words });
const exitWith = (status: number) => {
  process.exitCode = status;
};
const commandLine: CommandLine = { console, process, exitWith };

process.stdout.on('error', endWithReader);

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
