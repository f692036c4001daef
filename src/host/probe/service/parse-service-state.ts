import { type Fact, known } from '../../../model/fact.ts';
import type { ServiceState } from '../../../model/host/service-state.ts';
import { numberFrom } from '../../frame/section-facts.ts';
import { clockIn } from './clock.ts';
import { listenersIn } from './listeners.ts';
import { StateLines } from './state-lines.ts';
import { supervisionIn } from './supervision.ts';
import { tokenTrustIn } from './token-trust.ts';

/** Parses the section `service_state`. `takenAt`: the host's clock when the probe ran, in Unix seconds. */
export function parseServiceState(section: Uint8Array, takenAt: number): Fact<ServiceState> {
  const lines = new StateLines(section);
  return known({
    supervision: supervisionIn(lines, takenAt),
    listeners: listenersIn(lines),
    tokenTrust: tokenTrustIn(lines),
    memoryKills: lines.fact('oom-kills', numberFrom),
    unprivilegedPorts: lines.fact('unprivileged-ports', numberFrom),
    clockSynchronised: clockIn(lines),
  });
}
