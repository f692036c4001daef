import type { RemoteOutcome } from '../../src/workflow/ports.ts';

/** A run on a host that came to its end, with what it said. */
export function exited(exitCode: number, stderr: string, stdout = ''): RemoteOutcome {
  return {
    kind: 'exited',
    exitCode,
    output: { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), truncated: false },
  };
}
