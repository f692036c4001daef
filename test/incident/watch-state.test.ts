import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Look, onLook, type WatchState } from '../../src/incident/watch-state.ts';
import { IncidentId } from '../../src/model/record/ids.ts';

const quiet: WatchState = { kind: 'quiet' };
const doubtful: WatchState = { kind: 'doubtful' };
const incident: WatchState = { kind: 'incident', incidentId: IncidentId.parse(7) };

const cases: [string, WatchState, Look, string][] = [
  ['a healthy registry stays quiet', quiet, 'well', 'quiet nothing'],
  ['one bad check asks for a second', quiet, 'unwell', 'doubtful look-again'],
  ['a blind check asks for a second', quiet, 'blind', 'doubtful look-again'],
  ['a good second check ends the doubt', doubtful, 'well', 'quiet nothing'],
  ['a bad second check opens an incident', doubtful, 'unwell', 'quiet open-incident'],
  ['a blind second check opens one too', doubtful, 'blind', 'quiet open-incident'],
  ['bad checks during an incident open no other', incident, 'unwell', 'unchanged nothing'],
  ['a blind check never ends an incident', incident, 'blind', 'unchanged nothing'],
  ['a good check ends the incident', incident, 'well', 'quiet tell-well'],
];

for (const [sentence, state, look, expected] of cases) {
  test(sentence, () => {
    const { next, act } = onLook(state, look);
    assert.equal(`${next} ${act}`, expected);
  });
}
