import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { Supervision } from '../../../model/host/service-state.ts';
import type { Check } from '../check.ts';
import { causesOfAbort, quoteOf } from '../evidence/log-complaints.ts';

/** How many restarts make a loop. A person might have caused fewer. */
const MANY_RESTARTS = 3;
/** A registry that has been up for longer than this no longer has the fault that ended it. */
const YOUNG_SECONDS = 120;
/**
 * How long ago the last end of a loop can be. Service managers wait for seconds before a restart, some for a minute.
 */
const LOOP_SECONDS = 5 * 60;

/**
 * The registry ends repeatedly and is restarted each time: known by systemd (auto-restart, NRestarts), by runsv (wanted
 * up and not running), or by the ends in its log. Its last log lines say why it ends.
 */
export const restartLoop: Check<'restart-loop'> = {
  id: 'restart-loop',
  consequenceOf: (finding) =>
    finding.id === 'restart-loop' ? [...causesOfAbort(finding.complaint), 'out-of-memory'] : [],
  look({ facts }) {
    const supervision = supervisionOf(facts);
    if (supervision?.state === 'stopped' || supervision?.state === 'failed') return [];
    if (!isKnownToLoop(facts, supervision) && !endsAgainAndAgain(facts)) return [];
    const aborts = abortsOf(facts);
    return [
      {
        id: 'restart-loop',
        severity: 'fault',
        proof: 'evaluated',
        path: null,
        manager: supervision?.manager ?? null,
        restarts: knownValue(supervision?.restarts),
        lastWords: aborts && quoteOf(aborts),
        complaint: aborts?.complaint ?? null,
      },
    ];
  },
};

export function supervisionOf({ service }: Facts): Supervision | null {
  return knownValue(knownValue(service)?.supervision);
}

/** How often and why the registry ended, by its log, if it has not begun to listen since. */
export function abortsOf({ logs }: Facts) {
  return logs.state === 'known' && logs.value.aborts?.sinceStart ? logs.value.aborts : null;
}

function isKnownToLoop({ takenAt }: Facts, supervision: Supervision | null): boolean {
  if (supervision === null) return false;
  if (supervision.state === 'restarting') return true;
  const { restarts, since } = supervision;
  return (
    restarts.state === 'known' &&
    restarts.value >= MANY_RESTARTS &&
    since.state === 'known' &&
    takenAt - since.value < YOUNG_SECONDS
  );
}

function endsAgainAndAgain(facts: Facts): boolean {
  const aborts = abortsOf(facts);
  if (aborts === null || aborts.count < 2 || aborts.lastAt === null) return false;
  return facts.takenAt - aborts.lastAt <= LOOP_SECONDS && !hasBeenUp(facts);
}

function hasBeenUp({ process, takenAt }: Facts): boolean {
  if (process.state !== 'known') return false;
  const { startedAt } = process.value;
  return startedAt.state !== 'known' || takenAt - startedAt.value >= YOUNG_SECONDS;
}
