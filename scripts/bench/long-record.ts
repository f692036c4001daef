import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { IncidentId } from '../../src/model/record/ids.ts';
import { openSqliteStore } from '../../src/store/open-sqlite-store.ts';
import { SHIPPED_NODE_OPTIONS } from '../../test/support/bots/shipped-node-options.ts';
import { writeLongRecord } from './record/long-record.ts';
import { type Aim, printHeading, printNote } from './report.ts';
import { stopwatch } from './rounds.ts';
import { runProgram } from './run-program.ts';

const ENTRIES = 1_000_000;
const APPENDED = 2_000;
const VERIFY = new URL('record/verify.ts', import.meta.url).pathname;
const Verified = z.object({ kind: z.literal('intact'), entries: z.number(), ms: z.number(), maxRssKiB: z.number() });

/** How fast entries are appended, each durable on its own, and what verifying a long record takes. */
export async function benchLongRecord(): Promise<readonly Aim[]> {
  printHeading(`A record of ${ENTRIES} entries`);
  const directory = await mkdtemp(join(tmpdir(), 'rd-long-record-'));
  const file = join(directory, 'record.db');
  try {
    await writeLongRecord(file, ENTRIES);
    const { stdout } = await runProgram({ command: [process.execPath, SHIPPED_NODE_OPTIONS, VERIFY, file], stdin: '' });
    const { entries, ms, maxRssKiB } = Verified.parse(JSON.parse(stdout.toString()));
    printNote(
      `verified ${entries} entries, their tree, values, plans, decisions and executions in ${(ms / 1000).toFixed(1)} s`,
    );
    const appendMs = await appended(file);
    printNote(`appended ${Math.round((APPENDED * 1000) / appendMs)} entries a second, each durable on its own`);
    return [
      {
        what: `entries that audit verify checks, of ${ENTRIES}`,
        ...{ measured: (entries * 1000) / ms, limit: 100_000, direction: 'at least', unit: 'a second' },
      },
      { what: 'memory of audit verify', measured: maxRssKiB / 1024, limit: 300, direction: 'at most', unit: 'MiB' },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The milliseconds of appending entries to it. */
async function appended(file: string): Promise<number> {
  const clock = { now: () => new Date(), sleep: async () => {} };
  const { store, close } = await openSqliteStore(`sqlite:${file}`, { clock });
  const about = { incidentId: IncidentId.parse(1), planId: null, planHash: null, outcome: {} };
  try {
    return await stopwatch(async () => {
      for (let n = 0; n < APPENDED; n += 1) {
        const draft = { at: clock.now().toISOString(), actor: { kind: 'bot', part: 'workflow' }, ...about } as const;
        await store.transact((tx) => tx.appendAudit({ ...draft, act: 'incident-acknowledged' }));
      }
    });
  } finally {
    await close();
  }
}
