import type { Command } from 'commander';
import { endWithReader } from './terminal/closed-pipe.ts';
import type { CommandLine } from './terminal/command-line.ts';
import { terminalLanguage } from './terminal/terminal-language.ts';

/** Adds `playground`. */
export function addPlayground(program: Command, { console, process, exitWith }: CommandLine): void {
  const { DESCRIPTIONS } = console.words.cli;
  program
    .command('playground')
    .description(DESCRIPTIONS.playground)
    .option('--yes', DESCRIPTIONS.yes, false)
    .action(async ({ yes }: { yes: boolean }) => exitWith(await playground(yes, process)));
}

async function playground(yes: boolean, { argv, env, stdin, stdout }: NodeJS.Process): Promise<number> {
  const { play } = await import('../playground/play.ts');
  // It has to clean up first.
  stdout.off('error', endWithReader);
  return play({ yes, input: stdin, output: stdout, locale: terminalLanguage(argv.slice(2), env) });
}
