import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTick } from 'node:timers/promises';
import { systemClock } from '../../src/compose/system-clock.ts';
import { HostName } from '../../src/model/record/ids.ts';
import { Bot } from '../../src/workflow/bot.ts';
import { Wake } from '../../src/workflow/delivery/wake.ts';
import { openRecord } from '../attacks/proposed-plan.ts';
import { hostSettings } from '../host/sample-settings.ts';
import { NOTHING_BESIDE } from '../support/bots/nothing-beside.ts';
import { FREE_PACE } from '../support/slack/free-pace.ts';

const HOSTS = 500;

/** Counts how often someone goes through all of it. */
class CountedMap<Key, Value> extends Map<Key, Value> {
  walks = 0;

  override [Symbol.iterator]() {
    this.walks += 1;
    return super[Symbol.iterator]();
  }
}

test('a bot that gets the turns at many hosts together goes through its hosts a few times, not once for each of them', async (t) => {
  const record = await openRecord(t);
  const names = Array.from({ length: HOSTS }, (_, index) => HostName.parse(`host${index}`));
  const hosts = new CountedMap(names.map((name) => [name, { ...hostSettings({}), name }]));
  const { clock } = record.context();
  const context = record.context({ clock: { now: clock.now, sleep: systemClock.sleep } });
  const bot = new Bot(
    { ...context, settings: { ...context.settings, hosts } },
    {
      outbox: record.opened.outbox,
      messenger: { pace: FREE_PACE, deliver: () => Promise.reject(new Error('nothing is to be told')) },
      wake: new Wake(),
      ...NOTHING_BESIDE,
    },
  );
  hosts.walks = 0;
  bot.start();
  await nextTick();
  assert.ok(await bot.stop(10_000));
  assert.ok(hosts.walks < 10, `${hosts.walks} times for ${HOSTS} hosts`);
});
