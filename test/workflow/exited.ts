import type { RemoteOutcome } from '../../src/workflow/ports/host.ts';
import { framed } from '../host/frame-output.ts';

/** A run on a host that came to its end, with what it said. */
export function exited(exitCode: number, stderr: string, stdout = ''): RemoteOutcome {
  return {
    kind: 'exited',
    exitCode,
    output: { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), truncated: false },
  };
}

/** What the guard prints of a plan, in answer to this request. */
export function toldOfPlan(input: string, ...records: Parameters<typeof framed>[2]): RemoteOutcome {
  const nonce = /nonce ([0-9a-f]{32})/.exec(input)?.[1] ?? '';
  return exited(0, '', framed('apply', nonce, records).toString('latin1'));
}
