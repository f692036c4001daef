import type { ChildProcess } from 'node:child_process';

/** Resolves once the process has ended and all that it printed was read. A signal counts as 1. */
export function exitStatus(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.once('close', (status) => resolve(status ?? 1)));
}
