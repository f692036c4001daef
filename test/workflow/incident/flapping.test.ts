import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardFor } from '../../../src/slack/cards/card-for.ts';
import { shownText } from '../../slack/card-text.ts';
import { english } from '../../support/words/english.ts';
import { quietWorld, type World } from '../quiet/quiet-world.ts';
import { watchedHost } from '../watch/watched-hosts.ts';

const WATCHED = watchedHost('git01');
const GIT01 = WATCHED.name;
const MINUTE = 60;

async function statusOf(world: World): Promise<string> {
  const [incident] = await world.incidents();
  const message = await world.store.transact((tx) => tx.message(`status:${incident?.id}`));
  return message === null ? '' : shownText(cardFor(message.body, english));
}

async function flap(world: World, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    world.set(GIT01, time % 2 === 0 ? 'down' : 'healthy');
    await world.pass(4 * MINUTE);
  }
}

const TOLD = ['incident-opened', 'incident-resolved', 'incident-reopened', 'flapping-began', 'flapping-ended'];
const told = async (world: World) => (await world.acts()).filter((act) => TOLD.includes(act));

test('a registry that flaps has one incident, which says so once, and stays open until nothing changes any more', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  await flap(world, 20);
  const began = ['incident-opened', 'incident-resolved', 'incident-reopened', 'flapping-began'];
  assert.deepEqual(await told(world), began);
  assert.equal((await world.incidents()).length, 1);
  assert.match(
    await statusOf(world),
    /^git01: the registry is flapping · incident 1\n20 changes between healthy and unhealthy reports since 12:00 UTC; I post no more of them, and diagnose the registry again after 30 minutes without one\.\n/,
  );
  await world.pass(20 * MINUTE);
  assert.deepEqual(await told(world), began, 'it has not been quiet for long enough');
  await world.pass(12 * MINUTE);
  assert.deepEqual(await told(world), [...began, 'flapping-ended', 'incident-resolved']);
  assert.match(await statusOf(world), /^git01: the registry is healthy again/);
  await world.bot.stop();
});

test('a registry that ends its flapping unhealthy is diagnosed again, and its incident stays open', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  await flap(world, 5);
  await world.pass(35 * MINUTE);
  const acts = await world.acts();
  assert.deepEqual(acts.slice(acts.indexOf('flapping-ended')), ['flapping-ended', 'diagnosis-requested', 'diagnosed']);
  assert.match(await statusOf(world), /^git01: diagnosing the registry/);
  assert.equal((await world.incidents())[0]?.state, 'open');
  await world.bot.stop();
});

test('a registry that breaks while the bot is stopped is not called healthy because its flapping is over', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  await flap(world, 4);
  await world.bot.stop();
  world.set(GIT01, 'down');
  await world.pass(40 * MINUTE);
  await world.bot.start();
  await world.pass(3 * MINUTE);
  assert.deepEqual((await told(world)).slice(4), ['flapping-ended']);
  assert.equal((await world.incidents())[0]?.state, 'open');
  await world.bot.stop();
});

test('a host that can’t be reached any more is not called healthy because its flapping is over', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  await flap(world, 4);
  world.set(GIT01, 'away');
  await world.pass(40 * MINUTE);
  assert.deepEqual((await told(world)).slice(4), ['flapping-ended']);
  world.set(GIT01, 'healthy');
  await world.pass(10 * MINUTE);
  assert.deepEqual((await told(world)).slice(5), ['incident-resolved'], 'the first answer ends it');
  await world.bot.stop();
});

test('a fault behind a healthy answer outlasts the flapping', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  await flap(world, 4);
  world.set(GIT01, 'false-green');
  await world.pass(2 * MINUTE);
  await world.diagnose(GIT01);
  await world.pass(40 * MINUTE);
  assert.deepEqual((await told(world)).slice(4), ['flapping-ended']);
  assert.equal((await world.incidents())[0]?.state, 'open');
  world.set(GIT01, 'healthy');
  await world.diagnose(GIT01);
  await world.pass(MINUTE);
  assert.equal((await world.incidents())[0]?.state, 'resolved');
  await world.bot.stop();
});

test('ever-new alerts about a healthy registry become an incident that flaps, not an incident each', async (t) => {
  const world = await quietWorld(t, { hosts: [{ ...WATCHED, watch: null }] });
  await world.bot.start();
  for (let number = 0; number < 12; number += 1) {
    await world.alert(GIT01, { fingerprint: `new-${number}` });
    await world.pass(5 * MINUTE);
  }
  const began = ['incident-opened', 'incident-resolved', 'incident-opened', 'flapping-began'];
  assert.deepEqual(await told(world), began, 'a healthy registry has no fault that could return');
  await world.pass(40 * MINUTE);
  assert.deepEqual((await told(world)).slice(4), ['flapping-ended', 'incident-resolved']);
  await world.bot.stop();
});

test('a command joins the open incident of its host, and is answered with its number', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED] });
  await world.bot.start();
  world.set(GIT01, 'down');
  await world.pass(MINUTE);
  const [incident = assert.fail()] = await world.incidents();
  const asked = await world.diagnose(GIT01);
  assert.ok(asked.kind === 'diagnose');
  assert.deepEqual(asked.answer, { kind: 'joined-incident', host: GIT01, incidentId: incident.id });
  const again = await world.diagnose(GIT01);
  assert.partialDeepStrictEqual(again, { kind: 'answer', answer: { kind: 'already-diagnosing' } });
  await world.pass(MINUTE);
  assert.equal((await world.incidents()).length, 1);
  await world.bot.stop();
});

test('with reopenMinutes 0 a fault that returns opens a new incident', async (t) => {
  const world = await quietWorld(t, { hosts: [WATCHED], reopenMinutes: 0 });
  await world.bot.start();
  await flap(world, 3);
  assert.deepEqual(await told(world), ['incident-opened', 'incident-resolved', 'incident-opened']);
  await world.bot.stop();
});
