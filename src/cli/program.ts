import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { LOCALES } from '../model/settings/locale.ts';
import type { Words } from '../words/index.ts';
import type { Console } from './terminal/console.ts';
import { EXIT } from './terminal/exit-status.ts';
import { inWordsOf } from './terminal/help.ts';

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
  const finish = (status: number) => {
    exit.status = status;
  };
  const program = createProgram(version, console, { commands, finish, words: console.words.cli });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exit.status;
  } catch (error) {
    // Help that was asked for ends with 0, a slip with 1; here a slip is 2, because 1 means something else.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.usage;
    throw error;
  }
}

/** What every command is added with. */
type Around = {
  readonly commands: Commands;
  readonly finish: (status: number) => void;
  readonly words: Words['cli'];
};

function createProgram(version: string, console: Console, around: Around): Command {
  const { words } = around;
  const program = new Command('registry-doctor')
    .description(words.DESCRIPTIONS.program)
    .version(version, '-V, --version', console.words.usage.HELP.version)
    .addOption(new Option('--lang <language>', words.DESCRIPTIONS.lang).choices(LOCALES))
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => console.out(text), writeErr: (text) => console.err(text.trimEnd()) });
  inWordsOf(program, console.words);
  addServe(program, around);
  addDiagnose(program, around);
  addCheck(program, around);
  addAudit(program, around);
  addHost(program, around);
  addSign(program, around);
  addFix(program, around);
  addHealth(program, around);
  addPlayground(program, around);
  return program;
}

function addServe(program: Command, { commands, finish, words }: Around): void {
  withConfig(words, program.command('serve').description(words.DESCRIPTIONS.serve)).action(
    async (options: WithConfig) => finish(await commands.serve(options)),
  );
}

type DiagnoseOptions = {
  readonly config?: string;
  readonly json: boolean;
  readonly saveFacts?: string;
  readonly facts?: string;
};

function addDiagnose(program: Command, { commands, finish, words }: Around): void {
  program
    .command('diagnose')
    .description(words.DESCRIPTIONS.diagnose)
    .argument('[host]', words.DESCRIPTIONS.hostArgument)
    .option('--config <file>', words.DESCRIPTIONS.config)
    .option('--json', words.DESCRIPTIONS.json, false)
    .option('--save-facts <file>', words.DESCRIPTIONS.saveFacts)
    .option('--facts <file>', words.DESCRIPTIONS.facts)
    .addHelpText('after', words.DESCRIPTIONS.diagnoseExits)
    .action(async (host: string | undefined, options: DiagnoseOptions, command: Command) =>
      finish(await diagnose(host, options, command, { commands, words })),
    );
}

async function diagnose(
  host: string | undefined,
  options: DiagnoseOptions,
  command: Command,
  { commands, words }: Omit<Around, 'finish'>,
): Promise<number> {
  const { config, json, saveFacts, facts } = options;
  if (facts !== undefined) {
    if (host !== undefined || config !== undefined || saveFacts !== undefined)
      return command.error(words.USAGE.notBoth);
    return commands.diagnoseFacts({ facts, json });
  }
  if (host === undefined) return command.error(words.USAGE.hostOrFacts);
  if (config === undefined) return command.error(words.USAGE.configNeeded);
  return commands.diagnoseHost({ host, config, json, saveFacts: saveFacts ?? null });
}

function addCheck(program: Command, { commands, finish, words }: Around): void {
  withConfig(words, program.command('check').description(words.DESCRIPTIONS.check))
    .addHelpText('after', words.DESCRIPTIONS.checkExits)
    .action(async (options: WithConfig) => finish(await commands.check(options)));
}

function addAudit(program: Command, { commands, finish, words }: Around): void {
  const audit = program.command('audit').description(words.DESCRIPTIONS.audit);
  withConfig(words, audit.command('list').description(words.DESCRIPTIONS.auditList))
    .option('--incident <number>', words.DESCRIPTIONS.incident, wholeNumber(words))
    .option('--limit <number>', words.DESCRIPTIONS.limit, wholeNumber(words), DEFAULT_LIMIT)
    .action(async ({ config, incident, limit }: WithConfig & { incident?: number; limit: number }) =>
      finish(await commands.auditList({ config, incident: incident ?? null, limit })),
    );
  withConfig(words, audit.command('verify').description(words.DESCRIPTIONS.auditVerify)).action(
    async (options: WithConfig) => finish(await commands.auditVerify(options)),
  );
  withConfig(words, audit.command('export').description(words.DESCRIPTIONS.auditExport))
    .argument('<incident>', words.DESCRIPTIONS.incidentArgument, wholeNumber(words))
    .action(async (incident: number, { config }: WithConfig) =>
      finish(await commands.auditExport({ config, incident })),
    );
}

function addHost(program: Command, { commands, finish, words }: Around): void {
  const host = program.command('host').description(words.DESCRIPTIONS.host);
  withConfig(words, host.command('setup').description(words.DESCRIPTIONS.hostSetup))
    .argument('<host>', words.DESCRIPTIONS.hostArgument)
    .action(async (name: string, { config }: WithConfig) => finish(await commands.hostSetup({ config, host: name })));
  host
    .command('guard')
    .description(words.DESCRIPTIONS.hostGuard)
    .action(async () => finish(await commands.hostGuard()));
}

function addSign(program: Command, { commands, finish, words }: Around): void {
  program
    .command('sign')
    .description(words.DESCRIPTIONS.sign)
    .argument('<plan>', words.DESCRIPTIONS.planArgument)
    .requiredOption('--key <file>', words.DESCRIPTIONS.key)
    .option('--config <file>', words.DESCRIPTIONS.signConfig)
    .option('--yes', words.DESCRIPTIONS.signYes, false)
    .addHelpText('after', words.DESCRIPTIONS.signExits)
    .action(async (plan: string, { key, config, yes }: { key: string; config?: string; yes: boolean }) =>
      finish(await commands.sign({ plan, key, config: config ?? null, yes })),
    );
}

function addFix(program: Command, { commands, finish, words }: Around): void {
  withConfig(words, program.command('fix').description(words.DESCRIPTIONS.fix))
    .argument('<host>', words.DESCRIPTIONS.hostArgument)
    .requiredOption('--key <file>', words.DESCRIPTIONS.fixKey)
    .addHelpText('after', words.DESCRIPTIONS.fixExits)
    .action(async (host: string, { config, key }: WithConfig & { key: string }) =>
      finish(await commands.fix({ config, host, key })),
    );
}

function addHealth(program: Command, { commands, finish, words }: Around): void {
  withConfig(words, program.command('health').description(words.DESCRIPTIONS.health)).action(
    async (options: WithConfig) => finish(await commands.health(options)),
  );
}

function addPlayground(program: Command, { commands, finish, words }: Around): void {
  program
    .command('playground')
    .description(words.DESCRIPTIONS.playground)
    .option('--yes', words.DESCRIPTIONS.yes, false)
    .action(async (options: { yes: boolean }) => finish(await commands.playground(options)));
}

function withConfig(words: Words['cli'], command: Command): Command {
  return command.requiredOption('--config <file>', words.DESCRIPTIONS.config);
}

function wholeNumber({ USAGE }: Words['cli']): (text: string) => number {
  return (text) => {
    if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError(USAGE.wholeNumber);
    return Number(text);
  };
}
