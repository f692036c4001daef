import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { DESCRIPTIONS as SAID, USAGE } from '../words/en/cli.ts';
import type { Console } from './terminal/console.ts';
import { EXIT } from './terminal/exit-status.ts';

type WithConfig = { readonly config: string };

/** What the command line calls. Each resolves with the exit status. */
export type Commands = {
  serve(options: WithConfig): Promise<number>;
  diagnoseHost(options: WithConfig & { host: string; json: boolean; saveFacts: string | null }): Promise<number>;
  diagnoseFacts(options: { readonly facts: string; readonly json: boolean }): Promise<number>;
  check(options: WithConfig): Promise<number>;
  health(options: WithConfig): Promise<number>;
  auditList(options: WithConfig & { readonly incident: number | null; readonly limit: number }): Promise<number>;
  auditVerify(options: WithConfig): Promise<number>;
  auditExport(options: WithConfig & { readonly incident: number }): Promise<number>;
  hostSetup(options: WithConfig & { readonly host: string }): Promise<number>;
  fix(options: WithConfig & { readonly host: string; readonly key: string }): Promise<number>;
  hostGuard(): Promise<number>;
  sign(options: SignOptions): Promise<number>;
  playground(options: { readonly yes: boolean }): Promise<number>;
};

/** `plan`: a file, `-` for standard input, or the id of a plan on the record that `config` names. */
export type SignOptions = {
  readonly plan: string;
  readonly key: string;
  readonly config: string | null;
  readonly yes: boolean;
};

const DEFAULT_LIMIT = 50;

/** Parses the arguments and runs what they say. Resolves with the exit status; wrong usage is told on stderr. */
export async function runProgram(
  args: readonly string[],
  version: string,
  commands: Commands,
  console: Console,
): Promise<number> {
  const exit = { status: EXIT.good as number };
  const program = createProgram(version, console, commands, (status) => {
    exit.status = status;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exit.status;
  } catch (error) {
    // Help that was asked for ends with 0, a slip with 1; here a slip is 2, because 1 means something else.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.usage;
    throw error;
  }
}

type Finish = (status: number) => void;

function createProgram(version: string, console: Console, commands: Commands, finish: Finish): Command {
  const program = new Command('registry-doctor')
    .description(SAID.program)
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => console.out(text), writeErr: (text) => console.err(text.trimEnd()) });
  addServe(program, commands, finish);
  addDiagnose(program, commands, finish);
  addCheck(program, commands, finish);
  addAudit(program, commands, finish);
  addHost(program, commands, finish);
  addSign(program, commands, finish);
  addFix(program, commands, finish);
  addHealth(program, commands, finish);
  addPlayground(program, commands, finish);
  return program;
}

function addServe(program: Command, commands: Commands, finish: Finish): void {
  withConfig(program.command('serve').description(SAID.serve)).action(async (options: WithConfig) =>
    finish(await commands.serve(options)),
  );
}

type DiagnoseOptions = {
  readonly config?: string;
  readonly json: boolean;
  readonly saveFacts?: string;
  readonly facts?: string;
};

function addDiagnose(program: Command, commands: Commands, finish: Finish): void {
  program
    .command('diagnose')
    .description(SAID.diagnose)
    .argument('[host]', SAID.hostArgument)
    .option('--config <file>', SAID.config)
    .option('--json', SAID.json, false)
    .option('--save-facts <file>', SAID.saveFacts)
    .option('--facts <file>', SAID.facts)
    .addHelpText('after', SAID.diagnoseExits)
    .action(async (host: string | undefined, options: DiagnoseOptions, command: Command) =>
      finish(await diagnose(host, options, command, commands)),
    );
}

async function diagnose(
  host: string | undefined,
  options: DiagnoseOptions,
  command: Command,
  commands: Commands,
): Promise<number> {
  const { config, json, saveFacts, facts } = options;
  if (facts !== undefined) {
    if (host !== undefined || config !== undefined || saveFacts !== undefined) return command.error(USAGE.notBoth);
    return commands.diagnoseFacts({ facts, json });
  }
  if (host === undefined) return command.error(USAGE.hostOrFacts);
  if (config === undefined) return command.error(USAGE.configNeeded);
  return commands.diagnoseHost({ host, config, json, saveFacts: saveFacts ?? null });
}

function addCheck(program: Command, commands: Commands, finish: Finish): void {
  withConfig(program.command('check').description(SAID.check))
    .addHelpText('after', SAID.checkExits)
    .action(async (options: WithConfig) => finish(await commands.check(options)));
}

function addAudit(program: Command, commands: Commands, finish: Finish): void {
  const audit = program.command('audit').description(SAID.audit);
  withConfig(audit.command('list').description(SAID.auditList))
    .option('--incident <number>', SAID.incident, wholeNumber)
    .option('--limit <number>', SAID.limit, wholeNumber, DEFAULT_LIMIT)
    .action(async ({ config, incident, limit }: WithConfig & { incident?: number; limit: number }) =>
      finish(await commands.auditList({ config, incident: incident ?? null, limit })),
    );
  withConfig(audit.command('verify').description(SAID.auditVerify)).action(async (options: WithConfig) =>
    finish(await commands.auditVerify(options)),
  );
  withConfig(audit.command('export').description(SAID.auditExport))
    .argument('<incident>', SAID.incidentArgument, wholeNumber)
    .action(async (incident: number, { config }: WithConfig) =>
      finish(await commands.auditExport({ config, incident })),
    );
}

function addHost(program: Command, commands: Commands, finish: Finish): void {
  const host = program.command('host').description(SAID.host);
  withConfig(host.command('setup').description(SAID.hostSetup))
    .argument('<host>', SAID.hostArgument)
    .action(async (name: string, { config }: WithConfig) => finish(await commands.hostSetup({ config, host: name })));
  host
    .command('guard')
    .description(SAID.hostGuard)
    .action(async () => finish(await commands.hostGuard()));
}

function addSign(program: Command, commands: Commands, finish: Finish): void {
  program
    .command('sign')
    .description(SAID.sign)
    .argument('<plan>', SAID.planArgument)
    .requiredOption('--key <file>', SAID.key)
    .option('--config <file>', SAID.signConfig)
    .option('--yes', SAID.signYes, false)
    .addHelpText('after', SAID.signExits)
    .action(async (plan: string, { key, config, yes }: { key: string; config?: string; yes: boolean }) =>
      finish(await commands.sign({ plan, key, config: config ?? null, yes })),
    );
}

function addFix(program: Command, commands: Commands, finish: Finish): void {
  withConfig(program.command('fix').description(SAID.fix))
    .argument('<host>', SAID.hostArgument)
    .requiredOption('--key <file>', SAID.fixKey)
    .addHelpText('after', SAID.fixExits)
    .action(async (host: string, { config, key }: WithConfig & { key: string }) =>
      finish(await commands.fix({ config, host, key })),
    );
}

function addHealth(program: Command, commands: Commands, finish: Finish): void {
  withConfig(program.command('health').description(SAID.health)).action(async (options: WithConfig) =>
    finish(await commands.health(options)),
  );
}

function addPlayground(program: Command, commands: Commands, finish: Finish): void {
  program
    .command('playground')
    .description(SAID.playground)
    .option('--yes', SAID.yes, false)
    .action(async (options: { yes: boolean }) => finish(await commands.playground(options)));
}

function withConfig(command: Command): Command {
  return command.requiredOption('--config <file>', SAID.config);
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError(USAGE.wholeNumber);
  return Number(text);
}
