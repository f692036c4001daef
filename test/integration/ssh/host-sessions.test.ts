import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { ChannelId, HostName } from '../../../src/model/record/ids.ts';
import { DEFAULT_LIMITS } from '../../../src/ssh/run/remote-host.ts';
import { openRecordAsBot } from '../../../src/store/open-record.ts';
import { Bot } from '../../../src/workflow/bot.ts';
import { Wake } from '../../../src/workflow/delivery/wake.ts';
import type { HostSessions } from '../../../src/workflow/ports/bots.ts';
import { ALICE, type AttackedRecord, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { remoteHostFor, sshdFor } from '../../ssh/remote-host-fixture.ts';
import { RecordServer } from '../../store/open-postgres.ts';
import { until } from '../../support/bots/main-job.ts';
import { NOTHING_BESIDE } from '../../support/bots/nothing-beside.ts';
import { skipUnless } from '../../support/requirements.ts';
import { FREE_PACE } from '../../support/slack/free-pace.ts';

/** How many sessions several bots have on one host together, counted on the host. */

const MOST = DEFAULT_LIMITS.maxSessionsPerHost;
const GIT01 = HostName.parse('git01');
const postgres = new RecordServer();

/** A host on which every session waits at a gate. */
function gatedHost(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'rd-gate-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const [gate, begun, command] = ['gate', 'begun', 'command'].map((name) => join(directory, name));
  assert.ok(gate && begun && command);
  assert.equal(spawnSync('mkfifo', [gate]).status, 0);
  writeFileSync(begun, '');
  writeFileSync(
    command,
    `#!/bin/sh
cd ${directory} && : > "in.$$" && set -- in.* && echo $# >> begun
[ -p gate ] && read -r _ < gate
cat > /dev/null
rm "in.$$"
`,
  );
  chmodSync(command, 0o755);
  return {
    command,
    /** How many sessions there were whenever one began. */
    sessions: () => readFileSync(begun, 'utf8').split('\n').filter(Boolean).map(Number),
    open: () => {
      renameSync(gate, `${gate}.open`);
      closeSync(openSync(`${gate}.open`, 'r+'));
    },
  };
}

async function scene(t: TestContext) {
  const gate = gatedHost(t);
  const sshd = await sshdFor(t, { config: [`ForceCommand ${gate.command}`] });
  const place = await postgres.place();
  const record = await openRecord(t, sshd.hostSettings('git01'), place);
  const startBot = async () => {
    let refused = 0;
    const {
      store,
      outbox,
      several = assert.fail(),
      close,
    } = (await openRecordAsBot(place, { clock: systemClock })) ?? assert.fail();
    const sessions: HostSessions = {
      take: async (...of) => {
        const taken = await several.sessions.take(...of);
        if (taken === null) refused += 1;
        return taken;
      },
    };
    const remote = remoteHostFor(t, sshd.knownHostsFile, { sessions });
    const context = record.context({ store, remote, clock: systemClock });
    const { settings } = context;
    const now = new Date();
    const fleetLook = { hour: now.getUTCHours(), minute: now.getUTCMinutes(), zone: 'UTC' };
    const bot = new Bot(
      // Requests in other channels would join an incident in the incident channel.
      { ...context, settings: { ...settings, incidentChannel: ChannelId.parse('C9'), fleetLook } },
      {
        ...NOTHING_BESIDE,
        outbox,
        messenger: { pace: FREE_PACE, deliver: async () => ({ kind: 'delivered', ts: '1.1' }) },
        wake: new Wake(),
        several: { ...several, removePost: async () => {} },
      },
    );
    bot.start();
    t.after(async () => {
      await bot.stop(10_000);
      await remote.close();
      await close();
    });
    return { bot, leases: several.leases, refused: () => refused };
  };
  return { gate, record, startBot };
}

/** Four people ask for a diagnosis of the host in a channel each, the first of this bot. Resolves once the four are on record. */
async function askFourTimes(bots: readonly Bot[]) {
  const asked = [...CHANNELS].map((channel, index) => {
    const bot = bots[index % bots.length] ?? assert.fail();
    return bot.requestDiagnosis({ hostText: 'git01', by: ALICE, channel, requestKey: `four ${channel}` });
  });
  for (const outcome of await Promise.all(asked)) assert.equal(outcome.kind, 'opened');
}
const CHANNELS = ['C2', 'C3', 'C4', 'C5'].map((id) => ChannelId.parse(id));

async function untilDiagnosed(record: AttackedRecord) {
  for (;;) {
    const left = await record.opened.store.transact((tx) => tx.incidentsIn(['diagnosing'], GIT01));
    if (left.length === 0) return;
    await systemClock.sleep(50);
  }
}

const skip = skipUnless('linux', 'root', 'sshd', 'postgres');

suite('the sessions of several bots on one host', { skip }, () => {
  test('count until they are given back or their time is up, also if their bot is gone', async (t) => {
    const place = await postgres.place();
    const join = async () => {
      const { several, close } = (await openRecordAsBot(place, { clock: systemClock })) ?? assert.fail();
      t.after(close);
      return several ?? assert.fail();
    };
    const [first, second] = await Promise.all([join(), join()]);
    const take = (by: typeof first, host = GIT01) => by.sessions.take(host, { most: MOST, lastsMs: 60_000 });
    const mine = (await take(first)) ?? assert.fail();
    while ((await take(second)) !== null);
    await first.leases.leave();
    assert.equal(await take(second), null);
    const server = await postgres.server;
    await server.query(place.database, 'update sessions set ends_at = clock_timestamp() where id = 1');
    const last = (await take(second)) ?? assert.fail();
    await mine.giveBack();
    assert.equal(await take(second), null, 'what is over gives back nothing of others');
    await last.giveBack();
    assert.notEqual(await take(second), null);
    assert.notEqual(await take(second, HostName.parse('git02')), null);
  });

  test('are four at most, whichever bots diagnose it, look at it by night and ask it about an undo', async (t) => {
    const { gate, record, startBot } = await scene(t);
    const plan = await record.propose();
    const started = await Promise.all([startBot(), startBot(), startBot()]);
    const bots = started.map(({ bot }) => bot);
    const refused = () => started.reduce((sum, bot) => sum + bot.refused(), 0);
    await until(() => gate.sessions().length === 1, 'no nightly look began');
    const undo = { planIdText: plan.id, planHash: plan.hash, by: ALICE, channel: CHANNEL };
    const undos = bots.map((bot) => bot.undo(undo));
    await askFourTimes(bots);
    await until(() => gate.sessions().length > MOST || refused() > 12, 'no session had to wait');
    gate.open();
    for (const undone of await Promise.all(undos)) assert.equal(undone.kind, 'answer');
    await untilDiagnosed(record);
    assert.equal(gate.sessions().length, 8);
    assert.equal(Math.max(...gate.sessions()), MOST);
  });

  test('are four at most while the turn at the host moves from a bot that is cut off in the middle of its work', async (t) => {
    const { gate, record, startBot } = await scene(t);
    const first = await startBot();
    await until(() => gate.sessions().length === 1, 'no nightly look began');
    await askFourTimes([first.bot]);
    await until(() => gate.sessions().length === MOST, 'the first bot has not all sessions');
    t.mock.method(first.leases, 'renew', async () => {
      throw new Error('cut off');
    });
    const second = await startBot();
    await until(
      () => gate.sessions().length > MOST || second.refused() > 12,
      'the second bot does not work on the host',
    );
    gate.open();
    await untilDiagnosed(record);
    assert.ok(gate.sessions().length > MOST);
    assert.equal(Math.max(...gate.sessions()), MOST);
  });
});
