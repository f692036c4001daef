import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { known } from '../../../src/model/fact.ts';
import type { FleetMessage } from '../../../src/model/fleet/fleet-look.ts';
import type { HostName } from '../../../src/model/record/ids.ts';
import type { HostSettings, NightlyTime, Settings } from '../../../src/model/settings/settings.ts';
import { beginMute } from '../../../src/workflow/incident/mutes.ts';
import type { RegistryHttp, RemoteHost } from '../../../src/workflow/ports/host.ts';
import type { RecordStore } from '../../../src/workflow/ports/record.ts';
import { lookAtFleetUntil } from '../../../src/workflow/watch/look-at-fleet.ts';
import { DEEP_LOOKS_AT_ONCE, LookTurns } from '../../../src/workflow/watch/look-turns.ts';
import { ALICE, type AttackedRecord, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';
import { SimulatedClock } from '../../support/bots/simulated-clock.ts';
import { NO_HTTP } from '../../support/services/no-http.ts';
import { watchedHost } from './watched-hosts.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const AT_THREE: NightlyTime = { hour: 3, minute: 0, zone: 'UTC' };

type Options = {
  readonly hosts?: readonly HostSettings[];
  readonly at?: string;
  readonly time?: NightlyTime | null;
  readonly http?: RegistryHttp;
};

function unwatched(name: string): HostSettings {
  return { ...watchedHost(name), watch: null };
}

/** Nightly looks in simulated time. Each connection takes two seconds and fails. */
function nightScene(
  record: AttackedRecord,
  { hosts, at = '2026-11-23T20:00:00Z', time = AT_THREE, http = NO_HTTP }: Options,
) {
  const clock = new SimulatedClock(new Date(at));
  let isRecordBroken = false;
  let failsAfter = Number.POSITIVE_INFINITY;
  const isFailing = () => {
    failsAfter -= 1;
    return isRecordBroken || failsAfter === 0;
  };
  const store: RecordStore = {
    transact: (work) =>
      isFailing() ? Promise.reject(new Error('disk full')) : clock.working(record.opened.store.transact(work)),
  };
  const runs: { readonly host: HostName; readonly at: string }[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const remote: RemoteHost = {
    async run({ name }) {
      runs.push({ host: name, at: clock.now().toISOString() });
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await clock.sleep(2_000);
      atOnce -= 1;
      return { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };
    },
  };
  const all = hosts ?? [unwatched('git01'), unwatched('git02')];
  const settings: { -readonly [Key in keyof Settings]: Settings[Key] } = {
    hosts: new Map(all.map((host) => [host.name, host])),
    defaultPolicy: policyWith(),
    incidentChannel: CHANNEL,
    fleetLook: time,
    quiet: quietWith(),
  };
  const context = record.context({ store, clock, remote, settings });
  const stop = new AbortController();
  let wake = new AbortController();
  const looking = {
    http,
    turns: new LookTurns(clock),
    pause: async (ms: number) => {
      wake = new AbortController();
      await clock.sleep(ms, AbortSignal.any([wake.signal, stop.signal]));
    },
  };
  const ended = lookAtFleetUntil(stop.signal, context, looking);
  return {
    clock,
    runs,
    settings,
    store,
    mostAtOnce: () => mostAtOnce,
    reload: () => wake.abort(),
    failOnceAfter: (transactions: number) => {
      failsAfter = transactions;
    },
    breakRecord: (isBroken: boolean) => {
      isRecordBroken = isBroken;
    },
    end: async () => {
      stop.abort();
      await clock.pass(MINUTE_MS);
      await ended;
    },
  };
}

/** All posts of nightly looks, by their keys. */
async function posts(record: AttackedRecord): Promise<ReadonlyMap<string, FleetMessage>> {
  const pending = await record.opened.outbox.pending(100, new Date('2100-01-01'), {
    isUnderWay: () => false,
    room: () => Number.POSITIVE_INFINITY,
    turnOf: () => 0,
  });
  return new Map(pending.flatMap(({ key, body }) => (body.kind === 'fleet-look' ? [[key, body]] : [])));
}

async function ended(t: TestContext, options: Options = {}) {
  const record = await openRecord(t);
  const scene = nightScene(record, options);
  t.after(scene.end);
  return { record, ...scene };
}

/** A registry that is asked for its certificate only; it ends in four days. */
function withCertificate(asked: string[]): RegistryHttp {
  const endsAt = Date.parse('2026-11-28T03:00:00Z') / 1000;
  return {
    ...NO_HTTP,
    certificateEnd: async (url) => {
      asked.push(url);
      return known(endsAt);
    },
  };
}

describe('nightly looks', () => {
  test('diagnose every host at their time, watched or not, and tell them in one post', async (t) => {
    const { record, clock, runs } = await ended(t, { hosts: [unwatched('git01'), watchedHost('git02')] });
    await clock.pass(6 * HOUR_MS);
    assert.equal(runs.length, 0, 'too early');
    await clock.pass(2 * HOUR_MS);
    assert.deepEqual(runs.map(({ host }) => host).sort(), ['git01', 'git02']);
    assert.ok(runs.every(({ at }) => at.startsWith('2026-11-24T03:00:0')));
    const [[key, post] = [], ...more] = await posts(record);
    assert.deepEqual([key, more], ['fleet-look:2026-11-24', []]);
    assert.equal(post?.hosts, 2);
    assert.deepEqual(
      post?.notChecked.lines.map(({ finding }) => finding?.id),
      ['host-unreachable', 'host-unreachable'],
    );
    const entries = await record.opened.auditTrail.list({});
    assert.deepEqual(
      entries.map(({ act, actor, outcome }) => ({ act, actor, outcome })),
      ['git01', 'git02'].map((host) => ({
        act: 'check-failed',
        actor: { kind: 'bot', part: 'nightly-look' },
        outcome: { host, findings: ['host-unreachable'] },
      })),
    );
  });

  test('come once a night, for a week', async (t) => {
    const { record, clock, runs } = await ended(t, { hosts: [unwatched('git01')] });
    const nights: string[] = [];
    for (let night = 0; night < 7; night += 1) {
      await clock.pass(24 * HOUR_MS);
      const waiting = await record.opened.outbox.pending(10, new Date('2100-01-01'));
      for (const { key, version } of waiting) {
        nights.push(key);
        await record.opened.outbox.markDelivered(key, version, `${night}.1`);
      }
    }
    assert.deepEqual(
      nights,
      [24, 25, 26, 27, 28, 29, 30].map((day) => `fleet-look:2026-11-${day}`),
    );
    assert.equal(runs.length, 7);
  });

  test('are bounded at once', async (t) => {
    const hosts = Array.from({ length: 100 }, (_, index) => unwatched(`host${index}`));
    const { record, clock, mostAtOnce } = await ended(t, { hosts });
    await clock.pass(8 * HOUR_MS);
    assert.equal(mostAtOnce(), DEEP_LOOKS_AT_ONCE);
    const [post] = (await posts(record)).values();
    assert.equal((post?.notChecked.lines.length ?? 0) + (post?.notChecked.more ?? 0), 100);
  });

  test('are not repeated by a restart after the post', async (t) => {
    const record = await openRecord(t);
    const first = nightScene(record, {});
    await first.clock.pass(7.5 * HOUR_MS);
    await first.end();
    assert.equal((await posts(record)).size, 1);
    const second = nightScene(record, { at: '2026-11-24T03:35:00Z' });
    t.after(second.end);
    await second.clock.pass(HOUR_MS);
    assert.deepEqual(second.runs, []);
  });

  test('begin again after a restart in the middle, and are told once', async (t) => {
    const record = await openRecord(t);
    const hosts = Array.from({ length: 100 }, (_, index) => unwatched(`host${index}`));
    const first = nightScene(record, { hosts });
    await first.clock.pass(7 * HOUR_MS + 5_000);
    assert.ok(first.runs.length > 0 && first.runs.length < 100, `${first.runs.length}`);
    await first.end();
    assert.equal((await posts(record)).size, 0, 'half a look is not told');
    const second = nightScene(record, { hosts, at: '2026-11-24T03:02:00Z' });
    t.after(second.end);
    await second.clock.pass(HOUR_MS);
    assert.equal(second.runs.length, 100);
    assert.equal((await posts(record)).size, 1);
  });

  test('that a bot missed are made up for within two hours, and left out after that', async (t) => {
    const late = await ended(t, { at: '2026-11-24T04:59:00Z' });
    await late.clock.pass(MINUTE_MS);
    assert.deepEqual([...(await posts(late.record)).keys()], ['fleet-look:2026-11-24']);
    const tooLate = await ended(t, { at: '2026-11-24T05:01:00Z' });
    await tooLate.clock.pass(20 * HOUR_MS);
    assert.deepEqual(tooLate.runs, [], 'days that the bot was off are not caught up');
  });

  test('leave out a host on which a plan runs, and say so', async (t) => {
    const { record, clock, store, runs } = await ended(t, { hosts: [unwatched('git01')] });
    const plan = await record.propose();
    await store.transact((tx) => tx.moveIncident(plan.incidentId, ['open'], { state: 'executing' }));
    await clock.pass(8 * HOUR_MS);
    assert.deepEqual(runs, []);
    const [post] = (await posts(record)).values();
    assert.deepEqual(post?.notChecked.lines, [{ host: 'git01', finding: null }]);
  });

  test('ask for the certificate that clients see, where the bot reaches it by TLS', async (t) => {
    const asked: string[] = [];
    const hosts = [
      watchedHost('git01', { url: 'https://git01.example' }),
      watchedHost('git02', { url: 'http://git02.example' }),
      unwatched('git03'),
    ];
    const { record, clock } = await ended(t, { hosts, http: withCertificate(asked) });
    await clock.pass(8 * HOUR_MS);
    assert.deepEqual(asked, ['https://git01.example']);
    const [post] = (await posts(record)).values();
    assert.deepEqual(post?.expiring.lines, [{ host: 'git01', what: 'tls', endsAt: '2026-11-28T03:00:00.000Z' }]);
  });

  test('are tried again while the record can’t be written', async (t) => {
    const { record, clock, breakRecord } = await ended(t);
    await clock.pass(6.9 * HOUR_MS);
    breakRecord(true);
    await clock.pass(HOUR_MS);
    breakRecord(false);
    assert.equal((await posts(record)).size, 0);
    await clock.pass(2 * MINUTE_MS);
    assert.equal((await posts(record)).size, 1);
  });

  test('begin again after one failure of the record, with nothing of the first try beside the second', async (t) => {
    const hosts = Array.from({ length: 100 }, (_, index) => unwatched(`host${index}`));
    const { record, clock, runs, failOnceAfter } = await ended(t, { hosts });
    failOnceAfter(30);
    await clock.pass(8 * HOUR_MS);
    assert.ok(runs.length > 100 && runs.length < 135, `${runs.length} looks at 100 hosts`);
    assert.deepEqual(
      [...(await posts(record)).values()].map((post) => post.hosts),
      [100],
    );
  });

  test('leave out a muted host and count it', async (t) => {
    const { record, clock, store, runs } = await ended(t);
    const source = { kind: 'person', by: { kind: 'slack-user', ...ALICE }, reason: null } as const;
    const mute = { host: unwatched('git01').name, source, until: '2026-11-25T00:00:00.000Z' };
    await store.transact((tx) => beginMute(tx, mute, clock.now()));
    await clock.pass(8 * HOUR_MS);
    assert.deepEqual(
      runs.map(({ host }) => host),
      ['git02'],
    );
    const [post] = (await posts(record)).values();
    assert.deepEqual([post?.hosts, post?.muted], [1, 1]);
  });

  test('begin with a reload that brings them, and end with one that takes them away', async (t) => {
    const { record, clock, settings, reload, runs } = await ended(t, { time: null });
    await clock.pass(24 * HOUR_MS);
    assert.deepEqual(runs, []);
    settings.fleetLook = { hour: 20, minute: 1, zone: 'UTC' };
    reload();
    await clock.pass(2 * MINUTE_MS);
    assert.deepEqual([...(await posts(record)).keys()], ['fleet-look:2026-11-24']);
    settings.fleetLook = null;
    reload();
    const before = runs.length;
    await clock.pass(48 * HOUR_MS);
    assert.equal(runs.length, before);
  });
});
