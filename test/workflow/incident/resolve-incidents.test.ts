import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import type { Diagnosis } from '../../../src/model/diagnosis/diagnosis.ts';
import { ChannelId, HostName } from '../../../src/model/record/ids.ts';
import type { Incident } from '../../../src/model/record/incident.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import type { OpenedStore } from '../../../src/store/opened-store.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import { resolveOpenIncidents } from '../../../src/workflow/incident/resolve-incidents.ts';
import { appendAct } from '../../../src/workflow/record/record-act.ts';
import { putDiagnosis } from '../../store/samples.ts';
import { WELL } from '../../support/facts/facts-builder.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

/** Which open incidents a healthy registry resolves, over the real store. */

const host = HostName.parse('git01');
const now = new Date('2026-11-23T14:02:00Z');
const UNWELL: Diagnosis = { ...judgeFacts(incidentFacts()), durationMs: 1 };
const FALSE_GREEN: Diagnosis = { ...judgeFacts({ ...incidentFacts(), ...WELL }), durationMs: 1 };
const NO_ANSWER: Diagnosis = { ...UNWELL, verdict: 'inconclusive', findings: [], v2: null, health: null, plan: null };

describe('the incidents of a registry that is healthy again', () => {
  let directory: string;
  let opened: OpenedStore;
  let seenUnwell: Incident;
  let seenGreen: Incident;

  const openWith = (requestKey: string, diagnoses: readonly Diagnosis[], part: 'watch' | 'deep-look' = 'watch') =>
    opened.store.transact(async (tx) => {
      const channel = ChannelId.parse('C1');
      const openedBy = { kind: 'bot', part } as const;
      const { incident } = await openIncident(tx, { host, channel, openedBy, requestKey, now });
      for (const diagnosis of diagnoses) await putDiagnosis(tx, incident, diagnosis);
      await tx.moveIncident(incident.id, ['diagnosing'], { state: 'open' });
      return incident;
    });
  const stateOf = ({ id }: Incident) => opened.store.transact(async (tx) => (await tx.incident(id))?.state);

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'rd-resolving-'));
    opened = await openSqliteStore(`sqlite:${directory}/test.db`, { clock: systemClock });
    seenUnwell = await openWith('r1', [UNWELL]);
    seenGreen = await openWith('r2', [FALSE_GREEN]);
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

  test('a healthy answer does not resolve a fault that was found behind such an answer, also if a later diagnosis got none', async () => {
    const deep = await openWith('r3', [NO_ANSWER], 'deep-look');
    const found = await openWith('r4', [FALSE_GREEN, NO_ANSWER]);
    const unseen = await openWith('r5', [NO_ANSWER]);
    const fell = await openWith('r6', [UNWELL, NO_ANSWER], 'deep-look');
    const seen = { by: 'watch', proof: 'own-word' } as const;
    await opened.store.transact((tx) => resolveOpenIncidents(tx, host, now, seen));
    assert.deepEqual([await stateOf(deep), await stateOf(found)], ['open', 'open']);
    assert.deepEqual([await stateOf(unseen), await stateOf(fell)], ['resolved', 'resolved']);
  });

  test('a reopened incident is judged by who noticed that the fault was back', async () => {
    const reopened = await openWith('r3', [UNWELL]);
    const seen = { by: 'watch', proof: 'own-word' } as const;
    await opened.store.transact(async (tx) => {
      await appendAct(tx, reopened, { act: 'incident-reopened', actor: { kind: 'bot', part: 'deep-look' }, now });
      await resolveOpenIncidents(tx, host, now, seen);
    });
    assert.equal(await stateOf(reopened), 'open');
  });

  test('a diagnosis without a fault resolves every open incident of its host', async () => {
    const seen = { by: 'workflow', proof: 'diagnosis' } as const;
    await opened.store.transact((tx) => resolveOpenIncidents(tx, host, now, seen));
    assert.deepEqual([await stateOf(seenUnwell), await stateOf(seenGreen)], ['resolved', 'resolved']);
  });
});
