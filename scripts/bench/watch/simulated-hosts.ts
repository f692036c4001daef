import { fork } from 'node:child_process';
import { once } from 'node:events';
import { SHIPPED_NODE_OPTIONS } from '../../../test/support/bots/shipped-node-options.ts';
import { type Aim, printHeading, printNote, printSamples } from '../report.ts';
import { percentile } from '../statistics.ts';
import { HOSTS, SimulatedLooks, TIMES_FASTER } from './simulated-looks.ts';

/** Ten thousand watched hosts, whose registries answer in the same process: what the order of the looks itself costs. */
export async function benchSimulatedHosts(): Promise<readonly Aim[]> {
  printHeading(`${HOSTS} watched hosts, simulated (a process of its own, ${TIMES_FASTER} times as fast as in reality)`);
  const program = new URL('./watch-simulated-hosts.ts', import.meta.url);
  const execArgv = [...process.execArgv, SHIPPED_NODE_OPTIONS, '--expose-gc'];
  const watching = fork(program, { execArgv });
  const [told] = await once(watching, 'message');
  const { lags, seconds, cpuSeconds, mostAtOnce, peakMiB, beforeMiB, afterMiB } = SimulatedLooks.parse(told);
  printSamples('a look begins after it is due by', lags);
  printNote(`${lags.length} looks in ${Math.round(seconds)} s of the hosts; ${mostAtOnce} at once at most`);
  printNote(`peak memory of the process, with what V8 had not collected yet: ${Math.round(peakMiB)} MiB`);
  const what = `${HOSTS} simulated hosts`;
  const atMost = { direction: 'at most' } as const;
  return [
    { what: `${what}: processor`, measured: (cpuSeconds / seconds) * 100, limit: 30, unit: '% of a core', ...atMost },
    { what: `${what}: p99 of a look’s lag`, measured: percentile(lags, 0.99), limit: 2_000, unit: 'ms', ...atMost },
    { what: `${what}: memory in use`, measured: afterMiB, limit: 100, unit: 'MiB', ...atMost },
    { what: `${what}: its growth in that time`, measured: afterMiB - beforeMiB, limit: 5, unit: 'MiB', ...atMost },
  ];
}
