import type { Config } from '../config/config.ts';
import { type Environment, readSshEnvironment, type SshEnvironment } from '../config/environment.ts';
import { judgeFacts } from '../diagnosis/judge-facts.ts';
import { canonicalHash } from '../hash/canonical-hash.ts';
import type { Diagnosis } from '../model/diagnosis/diagnosis.ts';
import { HostName } from '../model/record/ids.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import { diagnosisReport } from '../telling/json/diagnosis-report.ts';
import { diagnosisText } from '../telling/text/diagnosis-text.ts';
import { wordsFor } from '../words/index.ts';
import type { HostDiagnosis } from '../workflow/host/diagnose-host.ts';
import { nearestHosts } from '../workflow/incident/nearest-hosts.ts';
import type { Console } from './terminal/console.ts';
import { EXIT, EXIT_BY_VERDICT } from './terminal/exit-status.ts';
import { readFacts, writePrivately } from './terminal/facts-file.ts';
import { refuse } from './terminal/load-config.ts';
import { withSpinner } from './terminal/spinner.ts';

export type DiagnoseHostOptions = {
  /** The config file, for what is said of it. */
  readonly config: string;
  readonly host: string;
  readonly json: boolean;
  /** Where the facts go; null: nowhere. */
  readonly saveFacts: string | null;
};

export type DiagnoseParts = {
  readonly console: Console;
  readonly environment: Environment;
  createDiagnoser(ssh: SshEnvironment): {
    diagnose(host: HostSettings): Promise<HostDiagnosis>;
    close(): Promise<void>;
  };
};

/** `diagnose HOST`: one look at one host, printed. Resolves with the exit status. */
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
  print(outcome.diagnosis, options.json, console);
  if (options.saveFacts !== null && !(await save(outcome, options.saveFacts, console))) return EXIT.usage;
  return EXIT_BY_VERDICT[outcome.diagnosis.verdict];
}

/** `diagnose --facts F`: the same judgement of facts that were saved, without any host. */
export async function diagnoseFactsCommand(
  options: { readonly facts: string; readonly json: boolean },
  console: Console,
): Promise<number> {
  const read = await readFacts(options.facts, console.words);
  if (read.kind === 'problem') {
    console.err(console.words.cli.factsUnreadable(options.facts, read.why));
    return EXIT.usage;
  }
  const startedAt = performance.now();
  const judged = judgeFacts(read.facts);
  const diagnosis = { ...judged, durationMs: Math.round(performance.now() - startedAt) };
  print(diagnosis, options.json, console);
  return EXIT_BY_VERDICT[diagnosis.verdict];
}

/** The host of that name in the config file, or null after the nearest ones were printed. */
export function hostNamed(name: string, config: Config, console: Console): HostSettings | null {
  const parsed = HostName.safeParse(name);
  const host = parsed.success ? config.hosts.get(parsed.data) : undefined;
  if (host !== undefined) return host;
  const known = [...config.hosts.keys()];
  console.err(console.words.cli.unknownHost(name, nearestHosts(name, known), known));
  return null;
}

/** JSON is for scripts, and reads the same everywhere. */
const ENGLISH = wordsFor('en');

function print(diagnosis: Diagnosis, json: boolean, console: Console): void {
  if (!json) {
    console.out(diagnosisText(diagnosis, console.style, console.words.cli.DRAFT_NOT_APPROVABLE, console.words));
    return;
  }
  const planHash = diagnosis.plan === null ? null : canonicalHash(diagnosis.plan);
  console.out(`${JSON.stringify(diagnosisReport(diagnosis, planHash, ENGLISH), null, 2)}\n`);
}

/** Whether what was asked to be kept is kept, as far as there is anything. */
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
