import type { Config } from '../../config/config.ts';
import { HostName } from '../../model/record/ids.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { nearestNames } from '../../workflow/incident/nearest-names.ts';
import type { Console } from './console.ts';

/** Finds a host in the config file by its name. If there is none, prints the nearest names and returns null. */
export function hostNamed(name: string, config: Config, console: Console): HostSettings | null {
  const parsed = HostName.safeParse(name);
  const host = parsed.success ? config.hosts.get(parsed.data) : undefined;
  if (host !== undefined) return host;
  const known = [...config.hosts.keys()];
  console.err(console.words.cli.unknownHost(name, nearestNames(name, known), known));
  return null;
}
