import type { Command } from 'commander';
import type { SignOptions } from './sign/sign-plan.ts';
import type { CommandLine } from './terminal/command-line.ts';

/** Adds `sign`. */
export function addSign(program: Command, commandLine: CommandLine): void {
  const { console, exitWith } = commandLine;
  const { DESCRIPTIONS } = console.words.cli;
  program
    .command('sign')
    .description(DESCRIPTIONS.sign)
    .argument('<plan>', DESCRIPTIONS.planArgument)
    .requiredOption('--key <file>', DESCRIPTIONS.key)
    .option('--config <file>', DESCRIPTIONS.signConfig)
    .option('--yes', DESCRIPTIONS.signYes, false)
    .addHelpText('after', DESCRIPTIONS.signExits)
    .action(async (plan: string, options: Omit<SignOptions, 'plan'>) =>
      exitWith(await sign({ ...options, plan }, commandLine)),
    );
}

async function sign(options: SignOptions, commandLine: CommandLine): Promise<number> {
  const { signPlan } = await import('./sign/sign-plan.ts');
  return signPlan(options, commandLine);
}
