import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { HostEvent } from '../../../model/host/history.ts';
import type { Check } from '../check.ts';
import { complaintOfThisStart, isRecent, quoteOf } from '../evidence/log-complaints.ts';
import { servesNoOne } from '../evidence/registry-answer.ts';
import { supervisionOf } from './restart-loop.ts';

type Told = {
  readonly by: 'log' | 'service-manager' | 'kernel' | 'control-group';
  readonly said: ReturnType<typeof quoteOf> | null;
};

/**
 * The kernel killed the registry because memory ran out (oom-kill of systemd.service(5), cgroup-v2.rst, the kernel's
 * log), or Go's runtime could get no more ("fatal error: out of memory"). An exit status of 137 alone proves nothing,
 * because any SIGKILL gives it.
 */
export const outOfMemory: Check<'out-of-memory'> = {
  id: 'out-of-memory',
  look({ facts }) {
    const told = toldOf(facts);
    if (told === null) return [];
    const severity = servesNoOne(facts) ? 'fault' : 'warning';
    return [{ id: 'out-of-memory', severity, proof: 'evaluated', path: null, toldBy: told.by, said: told.said }];
  },
};

function toldOf(facts: Facts): Told | null {
  const complaint = complaintOfThisStart(facts, 'out-of-memory');
  if (complaint) return { by: 'log', said: quoteOf(complaint) };
  const kill = lastKill(facts);
  const said = kill && { words: kill.text, at: kill.at };
  if (supervisionOf(facts)?.result === 'oom-kill' && servesNoOne(facts)) return { by: 'service-manager', said };
  if (kill && isRecent(facts, kill.at)) return { by: 'kernel', said };
  return servesNoOne(facts) && kills(facts) > 0 ? { by: 'control-group', said } : null;
}

/** The last kill, unless the log shows a successful start after it. */
function lastKill({ history, logs }: Facts): HostEvent | null {
  if (history.state !== 'known') return null;
  const kill = history.value.events.findLast(({ kind }) => kind === 'memory-kill') ?? null;
  const good = knownValue(logs)?.lastGood?.at;
  return kill !== null && good && good > kill.at ? null : kill;
}

function kills({ service }: Facts): number {
  return knownValue(knownValue(service)?.memoryKills) ?? 0;
}
