import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { PRODUCT_VERSION } from '../../model/product-version.ts';
import { ocsfEvent } from '../../telling/json/ocsf-event.ts';
import type { AuditTrail } from '../../workflow/ports/audit-trail.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

const ENTRIES_AT_ONCE = 500;
const LOOK_EVERY_MS = 1_000;

/** `after`: the number of the last entry that was taken. */
export type StreamWanted = { readonly after: number; readonly follow: boolean };

/**
 * `audit stream`: entries as JSON lines, in order, one OCSF event each. Waits for a reader that is slow. Where a stream is broken off, the number
 * in the last line that was taken leads back to the entry after it: no entry is left out, and one can come twice.
 *
 * @param stop ends a stream that follows
 */
export async function streamEntries(
  { after, follow }: StreamWanted,
  trail: Pick<AuditTrail, 'entriesAfter' | 'list'>,
  { console, stdout, stop }: { console: Console; stdout: NodeJS.WritableStream; stop: AbortSignal },
): Promise<number> {
  let last = after;
  while (!stop.aborted) {
    const entries = await trail.entriesAfter(last, ENTRIES_AT_ONCE);
    for (const entry of entries) {
      if (stop.aborted) return EXIT.good;
      const isTaken = stdout.write(`${JSON.stringify(ocsfEvent(entry, PRODUCT_VERSION))}\n`);
      last = entry.sequence;
      if (!isTaken) await once(stdout, 'drain', { signal: stop }).catch(endedBy(stop));
    }
    if (entries.length > 0) continue;
    const [newest] = await trail.list({ limit: 1 });
    if ((newest?.sequence ?? 0) < last) {
      console.err(console.words.stream.endsBefore(last, newest?.sequence ?? 0));
      return EXIT.notGood;
    }
    if (!follow) return EXIT.good;
    await delay(LOOK_EVERY_MS, undefined, { signal: stop }).catch(endedBy(stop));
  }
  return EXIT.good;
}

/** Ends a wait that the stop has broken off. */
function endedBy(stop: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!stop.aborted) throw error;
  };
}
