import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { ChannelId, HostName } from '../../../src/model/record/ids.ts';
import type { Incident } from '../../../src/model/record/incident.ts';
import { openSqliteStore, type SqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import { resolveOpenIncidents } from '../../../src/workflow/incident/resolve-incidents.ts';
import { putDiagnosis } from '../../store/samples.ts';
import { WELL } from '../../support/facts-builder.ts';
import { incidentFacts } from '../../support/incident-facts.ts';

/** Which open incidents a healthy registry resolves, over the real store. */

const host = HostName.parse('git01');
const now = new Date('2026-11-23T14:02:00Z');
const unwellFacts = incidentFacts();
const falseGreen: Facts = { ...unwellFacts, ...WELL };

describe('the incidents of a registry that is healthy again', () => {
  let directory: string;
  let opened: SqliteStore;
  let seenUnwell: Incident;
  let seenGreen: Incident;

  const openWith = (requestKey: string, facts: Facts) =>
    opened.store.transact(async (tx) => {
      const channel = ChannelId.parse('C1');
      const openedBy = { kind: 'bot', part: 'watch' } as const;
      const { incident } = await openIncident(tx, { host, channel, openedBy, requestKey, now });
      await putDiagnosis(tx, incident, { ...judgeFacts(facts), durationMs: 1 });
      await tx.moveIncident(incident.id, ['diagnosing'], { state: 'open' });
      return incident;
    });
  const stateOf = ({ id }: Incident) => opened.store.transact(async (tx) => (await tx.incident(id))?.state);

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'rd-resolving-'));
    opened = await openSqliteStore(`sqlite:${directory}/test.db`, { clock: systemClock });
    seenUnwell = await openWith('r1', unwellFacts);
    seenGreen = await openWith('r2', falseGreen);
  });
  afterEach(async () => {
    await opened.close();
    rmSync(directory, { recursive: true });
  });

  test('a registry that answers healthy resolves an incident that its bad answer had opened, not one found despite a healthy answer', async () => {
    const seen = { by: 'watch', proof: 'own-word' } as const;
    await opened.store.transact((tx) => resolveOpenIncidents(tx, host, now, seen));
    assert.deepEqual([await stateOf(seenUnwell), await stateOf(seenGreen)], ['resolved', 'open']);
  });

  test('a diagnosis without a fault resolves every open incident of its host', async () => {
    const seen = { by: 'workflow', proof: 'diagnosis' } as const;
    await opened.store.transact((tx) => resolveOpenIncidents(tx, host, now, seen));
    assert.deepEqual([await stateOf(seenUnwell), await stateOf(seenGreen)], ['resolved', 'resolved']);
  });
});
