import { once } from 'node:events';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { ChannelId, HostName, type IncidentId, TeamId, UserId } from '../../../src/model/record/ids.ts';
import { openRecordAsBot } from '../../../src/store/open-record.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import type { RecordStore } from '../../../src/workflow/ports/record.ts';
import { stopwatch } from '../rounds.ts';

/**
 * One of the processes that {@link benchAppends} starts: a bot that appends entries to the record at the URL that it is given, each durable on its own. Tells
 * the parent when it is ready, begins when it hears of it, and sends the milliseconds that this took.
 */

const INCIDENTS = 100;
const BY = { kind: 'slack-user', team: TeamId.parse('T1'), user: UserId.parse('UALICE') } as const;

async function open(store: RecordStore, number: number): Promise<IncidentId> {
  const host = HostName.parse(`git${number}`);
  const request = { host, channel: ChannelId.parse('C0123456'), openedBy: BY, requestKey: `${process.pid}-${number}` };
  const { incident } = await store.transact((tx) => openIncident(tx, { ...request, now: systemClock.now() }));
  return incident.id;
}

async function measure(url: string, entries: number): Promise<number> {
  const opened = await openRecordAsBot({ url, passwordFile: null }, { clock: systemClock });
  if (opened === null) throw new Error('another bot has the record');
  const { store } = opened;
  const incidents: IncidentId[] = [];
  for (let number = 1; number <= INCIDENTS; number += 1) incidents.push(await open(store, number));
  const go = once(process, 'message');
  process.send?.('ready');
  await go;
  const about = { actor: BY, act: 'incident-acknowledged', planId: null, planHash: null, outcome: {} } as const;
  return stopwatch(async () => {
    for (let n = 0; n < entries; n += 1) {
      const incidentId = incidents[n % INCIDENTS] ?? null;
      if (incidentId === null) throw new Error('there is no incident');
      await store.transact((tx) => tx.appendAudit({ at: systemClock.now().toISOString(), incidentId, ...about }));
    }
  });
}

const [url = '', entries] = process.argv.slice(2);
const ms = await measure(url, Number(entries));
process.send?.(ms, () => process.exit());
