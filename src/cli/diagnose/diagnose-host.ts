import type { Diagnoser } from '../../compose/diagnoser.ts';
import type { Config } from '../../config/config.ts';
import { type Environment, readSshEnvironment, type SshEnvironment } from '../../config/environment.ts';
import type { HostDiagnosis } from '../../workflow/host/diagnose-host.ts';
import { writePrivately } from '../files/facts-file.ts';
import { advisingAsCalled } from '../terminal/as-called.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT, EXIT_BY_VERDICT } from '../terminal/exit-status.ts';
import { hostNamed } from '../terminal/host-named.ts';
import { refuse } from '../terminal/load-config.ts';
import { withSpinner } from '../terminal/spinner.ts';
import { printDiagnosis } from './print-diagnosis.ts';

export type DiagnoseHostOptions = {
  /** The config file, for messages that name it. */
  readonly config: string;
  readonly host: string;
  readonly json: boolean;
  /** Where the facts go. Null: nowhere. */
  readonly saveFacts: string | null;
};

export type DiagnoseParts = {
  readonly console: Console;
  readonly environment: Environment;
  /** How this program is typed, for advice that names it. */
  readonly program: string;
  createDiagnoser(ssh: SshEnvironment): Diagnoser;
};

/** `diagnose HOST`: one diagnosis of one host, printed. Resolves with the exit status. */
export async function diagnoseHostCommand(
  options: DiagnoseHostOptions,
  config: Config,
  parts: DiagnoseParts,
): Promise<number> {
  const { console } = parts;
  const host = hostNamed(options.host, config, console);
  if (host === null) return EXIT.usage;
  const ssh = readSshEnvironment(parts.environment, [host]);
  if (ssh.kind !== 'ok') {
    refuse(options.config, ssh.problems, console);
    return EXIT.usage;
  }
  const diagnoser = parts.createDiagnoser(ssh.value);
  const look = () => diagnoser.diagnose(host).finally(() => diagnoser.close());
  const outcome = await withSpinner(console, console.words.cli.lookingAt(host.name), look);
  const called = { program: parts.program, config: options.config, host: host.name };
  const advising = advisingAsCalled(console, called);
  // JSON is printed unchanged, however the program was called.
  printDiagnosis(outcome.diagnosis, options.json, options.json ? console : advising);
  if (options.saveFacts !== null && !(await save(outcome, options.saveFacts, advising))) return EXIT.usage;
  return EXIT_BY_VERDICT[outcome.diagnosis.verdict];
}

/** Saves the facts or, if they can't be parsed, the host's raw answer. Returns false if the file can't be written. */
async function save({ facts, rawProbe }: HostDiagnosis, file: string, console: Console): Promise<boolean> {
  if (facts !== null)
    return written(file, `${JSON.stringify(facts, null, 2)}\n`, console.words.cli.factsSaved(file), console);
  if (rawProbe !== null) {
    const rawFile = `${file}.raw`;
    return written(rawFile, rawProbe, console.words.cli.rawProbeSaved(rawFile), console);
  }
  console.err(console.words.cli.noFactsToSave(file));
  return true;
}

async function written(file: string, content: string | Uint8Array, said: string, console: Console): Promise<boolean> {
  const failure = await writePrivately(file, content, console.words);
  console.err(failure === null ? said : console.words.cli.fileNotWritten(file, failure));
  return failure === null;
}
