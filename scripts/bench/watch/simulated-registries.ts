import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../../../src/log.ts';
import { known } from '../../../src/model/fact.ts';
import { ChannelId, HostName } from '../../../src/model/record/ids.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import type { WorkflowContext } from '../../../src/workflow/context.ts';
import type { Clock, Metrics } from '../../../src/workflow/ports/bot.ts';
import type { RegistryHttp } from '../../../src/workflow/ports/host.ts';
import type { RecordStore } from '../../../src/workflow/ports/record.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { hostSettings } from '../../../test/host/sample-settings.ts';
import { policyWith } from '../../../test/support/bots/policy.ts';
import { HOSTS, type SimulatedLooks } from './simulated-looks.ts';

/** Watched hosts whose registries answer in the process that watches them. */

const INTERVAL_SECONDS = 30;
const ANSWER_MS = 40;

/** The first registry that does not answer would open an incident, and time would be spent on something else. */
const NEVER_RUN = { run: () => Promise.reject(new Error('every registry answers')) };

export type Seen = { lags: number[]; atOnce: number; mostAtOnce: number };

export function answering(clock: Clock, seen: Seen): RegistryHttp {
  return {
    async askFromBot(url) {
      seen.atOnce += 1;
      seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.atOnce);
      await clock.sleep(ANSWER_MS);
      seen.atOnce -= 1;
      return known({ url, status: 200, body: '{}' });
    },
    askFromHost: () => Promise.reject(new Error('every registry answers the bot')),
    certificateEnd: () => Promise.reject(new Error('no certificate is asked for')),
  };
}

function hosts(): ReadonlyMap<HostName, HostSettings> {
  const all = Array.from({ length: HOSTS }, (_, index) => {
    const name = HostName.parse(`host${index}`);
    const watch = {
      intervalSeconds: INTERVAL_SECONDS,
      url: `http://${name}.example:5000`,
      blindMinutes: 10,
      deepLookMinutes: 0,
    };
    return [name, { ...hostSettings({}), name, watch }] as const;
  });
  return new Map(all);
}

export function contextOf(clock: Clock, store: RecordStore, seen: Seen): WorkflowContext {
  const metrics: Metrics = {
    ...UNMEASURED,
    measure: (name, _, seconds) => {
      if (name === 'lookDelay') seen.lags.push(seconds * 1_000);
    },
  };
  return {
    ...{ clock, store, metrics },
    log: createLog('info'),
    settings: {
      hosts: hosts(),
      defaultPolicy: policyWith(),
      incidentChannel: ChannelId.parse('C0INCIDENTS'),
      fleetLook: null,
      quiet: { reopenMinutes: 30, maintenance: [] },
    },
    directory: { isMember: async () => ({ kind: 'no' }), isFullMember: async () => ({ kind: 'no' }) },
    signer: null,
    signatures: { check: async () => ({ kind: 'cannot-verify', why: { code: 'no-ssh-keygen' } }) },
    remote: NEVER_RUN,
  };
}

/** Measures from now on, for so long by the machine's clock. `seconds`: so long it is for the hosts. */
export async function measureLooks(seen: Seen, ms: number, seconds: number): Promise<SimulatedLooks> {
  const beforeMiB = inUseMiB();
  seen.lags = [];
  const startedAt = process.cpuUsage();
  await sleep(ms);
  const { user, system } = process.cpuUsage(startedAt);
  return {
    ...{ lags: seen.lags, mostAtOnce: seen.mostAtOnce, seconds },
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1_024,
    beforeMiB,
    afterMiB: inUseMiB(),
  };
}

/** The memory that is still needed. */
function inUseMiB(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
