import type { Fact } from '../../../model/fact.ts';
import { known, unknown } from '../../../model/fact.ts';
import type { ServiceState } from '../../../model/host/service-state.ts';
import { clockIn } from './clock.ts';
import { listenersIn } from './listeners.ts';
import { StateLines } from './state-lines.ts';
import { supervisionIn } from './supervision.ts';
import { tokenTrustIn } from './token-trust.ts';

/** Reads the section `service_state`. `takenAt`: the host's clock when the probe ran, in Unix seconds. */
export function parseServiceState(section: Uint8Array, takenAt: number): Fact<ServiceState> {
  const lines = new StateLines(section);
  return known({
    supervision: supervisionIn(lines, takenAt),
    listeners: listenersIn(lines),
    tokenTrust: tokenTrustIn(lines),
    memoryKills: countIn(lines, 'oom-kills'),
    unprivilegedPorts: countIn(lines, 'unprivileged-ports'),
    clockSynchronised: clockIn(lines),
  });
}

function countIn(lines: StateLines, name: string): Fact<number> {
  const text = lines.first(name) ?? '';
  return /^\d{1,12}$/.test(text) ? known(Number(text)) : unknown('the host does not tell');
}
