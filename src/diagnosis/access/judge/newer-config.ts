import type { HostPath } from '../../../model/host/host-path.ts';
import type { WalkedAccess } from './walk-access.ts';

/** The start is known to the second, and the file can be written in the same one as part of it. */
const LEEWAY_SECONDS = 2;

/** A config file that is newer than the process that reads it. Times in Unix seconds. */
export type NewerConfig = {
  readonly path: HostPath;
  readonly pid: number;
  readonly startedAt: number;
  readonly changedAt: number;
};

/** The config file, if it was written after the start of the registry's process. Null: it was not, or that is unknown. */
export function newerConfig({ facts, paths }: WalkedAccess): NewerConfig | null {
  const file = paths.find(({ used }) => used.role === 'config')?.file ?? null;
  if (file === null || facts.process.state !== 'known') return null;
  const { pid, startedAt } = facts.process.value;
  const { path, modifiedAt } = file.node;
  if (startedAt.state !== 'known' || modifiedAt.state !== 'known') return null;
  if (modifiedAt.value <= startedAt.value + LEEWAY_SECONDS) return null;
  return { path, pid, startedAt: startedAt.value, changedAt: modifiedAt.value };
}
