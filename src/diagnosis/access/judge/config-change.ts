import type { HostPath } from '../../../model/host/host-path.ts';
import type { WalkedAccess } from './walk-access.ts';

/** The start is known to the second, and the file can be written in the same one as part of it. */
const LEEWAY_SECONDS = 2;

/** When the config file was written after the start of the process that read it. Null: it was not, or that is unknown. */
export function configChange({ facts, paths }: Pick<WalkedAccess, 'facts' | 'paths'>): {
  readonly path: HostPath;
  readonly pid: number;
  readonly startedAt: number;
  readonly changedAt: number;
} | null {
  const file = paths.find(({ used }) => used.role === 'config')?.file ?? null;
  if (file === null || facts.process.state !== 'known') return null;
  const { pid, startedAt } = facts.process.value;
  const { path, modifiedAt } = file.node;
  if (startedAt.state !== 'known' || modifiedAt.state !== 'known') return null;
  if (modifiedAt.value <= startedAt.value + LEEWAY_SECONDS) return null;
  return { path, pid, startedAt: startedAt.value, changedAt: modifiedAt.value };
}
