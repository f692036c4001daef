import type { Fact } from '../model/fact.ts';
import { known, unknown } from '../model/fact.ts';
import type { ServiceState } from '../model/service-state.ts';
import { clockIn } from './service-state/clock.ts';
import { listenersIn } from './service-state/listeners.ts';
import { StateLines } from './service-state/state-lines.ts';
import { supervisionIn } from './service-state/supervision.ts';
import { tokenTrustIn } from './service-state/token-trust.ts';

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
