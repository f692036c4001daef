import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Asked } from '../crash/people.ts';
import { lostRequests } from './lost-requests.ts';

test('the chaos campaign excuses a lost request only if the bot that acknowledged it was killed right after that', () => {
  const request = (takenAt: string, acknowledgedAt: number): Asked => ({
    ...{ triggerId: `${takenAt} ${acknowledgedAt}`, responseUrl: null, channel: 'C0OPS', takenAt, acknowledgedAt },
  });
  const [excused, late, ofOther] = [request('bot 1', 10_000), request('bot 1', 60_000), request('bot 2', 10_000)];
  const killsOf = ({ takenAt }: Asked) => (takenAt === 'bot 1' ? [12_000] : []);
  const { lost, killed } = lostRequests([], { asked: [excused, late, ofOther], killsOf, answers: [] });
  assert.deepEqual(killed, [excused]);
  assert.deepEqual(lost, [late, ofOther]);
});
