import type { Config, StoreSettings } from '../../config/config.ts';
import type { Checked } from '../../config/environment.ts';
import { readConfig } from '../../config/read-config.ts';
import { storeConfig } from '../../config/serve-config.ts';
import type { ConfigProblem } from '../../model/settings/config-problem.ts';
import type { Console } from './console.ts';

/** Reads and checks the config. If it has problems, prints them and returns null. */
export async function loadConfig(file: string, console: Console): Promise<Config | null> {
  const read = await readConfig(file);
  if (read.kind === 'config') return read.config;
  refuse(file, read.problems, console);
  return null;
}

/** Returns the settings of the record. If the config has none, says so and returns null. */
export function loadedStore(file: string, config: Config, console: Console): StoreSettings | null {
  const store = storeConfig(config);
  if (store.kind === 'ok') return store.value;
  refuse(file, store.problems, console);
  return null;
}

/** Prints all problems of the config or the environment. */
export function refuse(file: string, problems: readonly ConfigProblem[], console: Console): void {
  for (const problem of problems) console.err(console.words.config.configProblem(file, problem));
  console.err(console.words.config.configRefused(problems.length));
}

/** Collects the problems of all of these. */
export function problemsIn(...checked: readonly Checked<unknown>[]): readonly ConfigProblem[] {
  return checked.flatMap((one) => (one.kind === 'ok' ? [] : one.problems));
}
