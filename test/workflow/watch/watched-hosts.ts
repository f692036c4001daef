import { known, unknown } from '../../../src/model/fact.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import type { WorkflowContext } from '../../../src/workflow/context.ts';
import type { RegistryHttp, RemoteHost } from '../../../src/workflow/ports/host.ts';
import { LookTurns } from '../../../src/workflow/watch/look-turns.ts';
import { OpenHosts } from '../../../src/workflow/watch/open-hosts.ts';
import { WatchBoard } from '../../../src/workflow/watch/watch-board.ts';
import { watchHostUntil } from '../../../src/workflow/watch/watch-host.ts';
import { framed } from '../../host/frame-output.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import type { SimulatedClock } from '../../support/bots/simulated-clock.ts';

/** Hosts whose registries answer, stay silent, or can't be reached at all, in simulated time. */

/** `false-green`: the registry answers as healthy, and a diagnosis finds a fault. */
export type HostState = 'healthy' | 'false-green' | 'down' | 'away';
export type StateOf = (host: HostName) => HostState;

/** What the real limits are: a registry that is asked, and an SSH server that is waited for. */
const ANSWER_MS = 40;
const HTTP_TIMEOUT_MS = 3_000;
const CONNECT_TIMEOUT_MS = 10_000;

const AWAY = {
  kind: 'not-connected',
  reason: 'host-unreachable',
  why: {
    code: 'connect-timed-out',
    at: { address: '10.0.0.5', port: 22, user: 'doctor' },
    timeoutMs: CONNECT_TIMEOUT_MS,
  },
} as const;

export function watchedHost(name: string, watch: Partial<NonNullable<HostSettings['watch']>> = {}): HostSettings {
  const url = `http://${name}.example:5000`;
  return {
    ...hostSettings({}),
    name: HostName.parse(name),
    watch: { intervalSeconds: 30, url, blindMinutes: 10, deepLookMinutes: 60, ...watch },
  };
}

/** Straight from the bot, or not at all. */
export function registryHttp(clock: SimulatedClock, stateOf: StateOf): RegistryHttp {
  return {
    async askFromBot(url) {
      const state = stateOf(HostName.parse(new URL(url).hostname.split('.')[0]));
      await clock.sleep(state === 'away' ? HTTP_TIMEOUT_MS : ANSWER_MS);
      if (state === 'down') return unknown('connection-refused');
      if (state === 'away') return unknown({ code: 'no-answer', detail: '3' });
      return known({ url, status: 200, body: '{}' });
    },
    certificateEnd: () => Promise.reject(new Error('no certificate is asked for')),
    askFromHost: () => Promise.reject(new Error('no address on the host is known')),
  };
}

/** A guard that gets the same answers as the bot, if the host is reached. */
export function guardedHost(clock: SimulatedClock, stateOf: StateOf): RemoteHost {
  return {
    async run(host, script) {
      const state = stateOf(host.name);
      await clock.sleep(state === 'away' ? CONNECT_TIMEOUT_MS : ANSWER_MS);
      if (state === 'away') return AWAY;
      const nonce = /nonce ([0-9a-f]+)/.exec(script)?.[1] ?? '';
      const told = state === 'down' ? '\nbash 7' : 'HTTP/1.0 200 OK\r\n\r\n{}\nbash 0';
      const stdout = framed('ask', nonce, [
        ['v2=known', 'http://127.0.0.1:5000/v2/'],
        ['health=absent', ''],
        // As in a container's own network: only the guard reaches it there.
        ['network', 'own'],
        ['sections', `${nonce} v2\n${told}`],
      ]);
      return { kind: 'exited', exitCode: 0, output: { stdout, stderr: Buffer.alloc(0), truncated: false } };
    },
  };
}

/** One look, as the turns of all hosts saw it. */
export type SpiedLook = { readonly host: HostName; readonly startedAt: number; readonly endedAt: number };

/** Notes every look that really began, and how many ran at once. */
export class SpiedTurns extends LookTurns {
  mostAtOnce = 0;
  #atOnce = 0;

  override take<T>(wasSilent: boolean, look: () => Promise<T>): Promise<T> {
    return super.take(wasSilent, async () => {
      this.#atOnce += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
      return look().finally(() => {
        this.#atOnce -= 1;
      });
    });
  }
}

/** Watches these hosts until `stop`. Every opened incident is left open, as after a diagnosis that found a fault. */
export function watchAll(
  stop: AbortSignal,
  context: WorkflowContext,
  hosts: readonly HostSettings[],
  around: { readonly http: RegistryHttp; readonly turns: LookTurns; readonly random: () => number },
): Promise<unknown> {
  const openHosts = new OpenHosts(context.store, context.clock);
  const loops = hosts.flatMap((host) => {
    if (host.watch === null) return [];
    const watching = { host, watch: host.watch, openHosts, board: new WatchBoard(), place: around.random(), ...around };
    return watchHostUntil(stop, context, watching, (incident) => {
      void context.store.transact((tx) => tx.moveIncident(incident.id, ['diagnosing'], { state: 'open' }));
    });
  });
  return Promise.all(loops);
}
