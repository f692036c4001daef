import type { Facts } from '../../../model/host/facts.ts';
import type { RequestMinute } from '../../../model/host/registry-logs.ts';
import type { Check } from '../check.ts';
import { failedStill, REQUEST_CAUSES } from '../evidence/failed-requests.ts';

/** Of fewer requests, a single failed one would be a rate. */
const LEAST_REQUESTS = 20;
/** One client that repeats its request twice is no rate either. */
const LEAST_FAILED = 3;
/** A push or a pull of an image is a dozen requests or more. If one in twenty fails, every second image is affected. */
const LEAST_SHARE = 0.05;
/** Without a failure in this time, the cause is taken to be gone. */
const STILL_SECONDS = 5 * 60;

/**
 * A part of the recent requests ended in 5xx (RFC 9110, 15.6), by the registry's log. `pushes-failed` and `pulls-failed`
 * report only what never succeeds; this is what fails now and then. What fails for others is not called healthy, although
 * the cause might be one of theirs.
 */
export const serverErrors: Check<'server-errors'> = {
  id: 'server-errors',
  inconclusive: true,
  consequenceOf: REQUEST_CAUSES,
  look({ facts }) {
    const minutes = countedMinutes(facts);
    const [first, last, lastFailed] = [minutes[0], minutes.at(-1), minutes.findLast(({ failed }) => failed > 0)];
    const [requests, failed] = [sumOf(minutes, 'requests'), sumOf(minutes, 'failed')];
    if (!first || !last || !lastFailed || !isARate(requests, failed)) return [];
    if (facts.takenAt - lastFailed.at > STILL_SECONDS || failed <= reportedAlready(facts)) return [];
    return [
      {
        id: 'server-errors',
        severity: 'warning',
        proof: 'evaluated',
        path: null,
        requests,
        failed,
        from: first.at,
        to: last.at,
        first: minutes.find((minute) => minute.failed > 0)?.firstFailed ?? null,
      },
    ];
  },
};

/** The minutes since the registry was started and the modes on its storage path were last changed. */
function countedMinutes(facts: Facts): readonly RequestMinute[] {
  if (facts.logs.state !== 'known' || facts.logs.value.requestMinutes.state !== 'known') return [];
  const since = Math.max(startOf(facts), ...changesOf(facts));
  return facts.logs.value.requestMinutes.value.filter(({ at }) => at >= since);
}

function startOf({ process }: Facts): number {
  return process.state === 'known' && process.value.startedAt.state === 'known' ? process.value.startedAt.value : 0;
}

/** A ctime younger than the mtime: another mode, owner or ACL, and no added or removed entry (inode(7)). */
function changesOf({ nodes }: Facts): number[] {
  return nodes.flatMap((node) =>
    node.state === 'present' &&
    node.kind === 'directory' &&
    node.modifiedAt.state === 'known' &&
    node.modifiedAt.value < node.changedAt
      ? [node.changedAt]
      : [],
  );
}

function isARate(requests: number, failed: number): boolean {
  return requests >= LEAST_REQUESTS && failed >= LEAST_FAILED && failed >= requests * LEAST_SHARE;
}

/** How many failed requests `pushes-failed` and `pulls-failed` report. */
function reportedAlready(facts: Facts): number {
  if (facts.logs.state !== 'known') return 0;
  const { failedPushes, failedPulls } = facts.logs.value;
  return (failedStill(facts, failedPushes)?.count ?? 0) + (failedStill(facts, failedPulls)?.count ?? 0);
}

function sumOf(minutes: readonly RequestMinute[], key: 'requests' | 'failed'): number {
  return minutes.reduce((sum, minute) => sum + minute[key], 0);
}
