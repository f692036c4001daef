import type { Config, StoreSettings } from '../../config/config.ts';
import type { Checked } from '../../config/environment.ts';
import { readConfig } from '../../config/read-config.ts';
import { storeConfig } from '../../config/serve-config.ts';
import type { ConfigProblem } from '../../model/settings/config-problem.ts';
import type { Console } from './console.ts';

/** The checked config, or null after its problems were printed. */
export async function loadConfig(file: string, console: Console): Promise<Config | null> {
  const read = await readConfig(file);
  if (read.kind === 'config') return read.config;
  refuse(file, read.problems, console);
  return null;
}

/** The record's settings, or null after it was printed that the config has none. */
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

/** The problems of any of these. */
export function problemsIn(...checked: readonly Checked<unknown>[]): readonly ConfigProblem[] {
  return checked.flatMap((one) => (one.kind === 'ok' ? [] : one.problems));
}
