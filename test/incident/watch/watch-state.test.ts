import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Look, onLook, type WatchState } from '../../../src/incident/watch/watch-state.ts';
import { IncidentId } from '../../../src/model/record/ids.ts';

const quiet: WatchState = { kind: 'quiet' };
const doubtful: WatchState = { kind: 'doubtful' };
const incident: WatchState = { kind: 'incident', incidentId: IncidentId.parse(7) };

const cases: [string, WatchState, Look, string][] = [
  ['a healthy registry stays quiet', quiet, 'healthy', 'quiet nothing'],
  ['one bad look asks for a second', quiet, 'unhealthy', 'doubtful look-again'],
  ['a blind look says nothing of the registry', quiet, 'blind', 'unchanged nothing'],
  ['a good second look ends the doubt', doubtful, 'healthy', 'quiet nothing'],
  ['a bad second look opens an incident', doubtful, 'unhealthy', 'quiet open-incident'],
  ['a blind second look leaves the doubt and opens no incident', doubtful, 'blind', 'unchanged nothing'],
  ['bad looks during an incident open no other', incident, 'unhealthy', 'unchanged nothing'],
  ['a blind look never ends an incident', incident, 'blind', 'unchanged nothing'],
  ['a good look ends the incident', incident, 'healthy', 'quiet tell-healthy'],
];

for (const [sentence, state, look, expected] of cases) {
  test(sentence, () => {
    const { next, act } = onLook(state, look);
    assert.equal(`${next} ${act}`, expected);
  });
}
