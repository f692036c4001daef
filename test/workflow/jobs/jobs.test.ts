import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../../../src/log.ts';
import { openRecordAsBot } from '../../../src/store/open-record.ts';
import type { RecordPlace } from '../../../src/store/opened-store.ts';
import { EmbeddedJobs } from '../../../src/workflow/jobs/embedded-jobs.ts';
import { SharedJobs } from '../../../src/workflow/jobs/shared-jobs.ts';
import type { Turn } from '../../../src/workflow/ports/bots.ts';
import { RecordServer } from '../../store/open-postgres.ts';
import { standingClock } from '../../store/samples.ts';
import { skipUnless } from '../../support/requirements.ts';
import { aborted, jobsContract, Scope, until } from './jobs-contract.ts';

const postgres = new RecordServer();

async function leasesAt(t: TestContext, place: RecordPlace) {
  const { several: { leases } = assert.fail(), close } =
    (await openRecordAsBot(place, { clock: standingClock() })) ?? assert.fail();
  t.after(close);
  return leases;
}

const LOG = createLog('silent');

suite('the jobs of the only bot', () => jobsContract(async () => new EmbeddedJobs()));

suite('the jobs of one of several bots', { skip: skipUnless('postgres') }, () => {
  jobsContract(async (t) => new SharedJobs(await leasesAt(t, await postgres.place()), LOG));

  const NAMES = Array.from({ length: 30 }, (_, index) => `host git${index}`);

  /** A bot that keeps these jobs, and which of them run. */
  async function bot(t: TestContext, place: RecordPlace, running: Map<string, string>, as: string) {
    const leases = await leasesAt(t, place);
    const [jobs, scope] = [new SharedJobs(leases, LOG), new Scope()];
    for (const name of NAMES) {
      const run = async ({ stop }: { readonly stop: AbortSignal }) => {
        assert.equal(running.get(name), undefined, `${name} runs twice`);
        running.set(name, as);
        await aborted(stop);
        // It takes a while to end.
        await sleep(50);
        running.delete(name);
      };
      jobs.keep(name, run, scope);
    }
    jobs.start();
    const end = async () => {
      await scope.end();
      await jobs.leave();
    };
    return { jobs, leases, scope, end };
  }

  const shareOf = (running: ReadonlyMap<string, string>, as: string) =>
    [...running.values()].filter((one) => one === as).length;

  test('each job runs on one bot at a time, a newcomer gets its share, and a bot that leaves gives up its own', async (t) => {
    const place = await postgres.place();
    const running = new Map<string, string>();
    const first = await bot(t, place, running, 'first');
    await until('the first has all', () => running.size === NAMES.length);
    const second = await bot(t, place, running, 'second');
    await until('the second has its share', () => shareOf(running, 'second') > 5 && running.size === NAMES.length);
    assert.ok(shareOf(running, 'first') > 5);
    assert.equal(NAMES.filter((name) => first.jobs.has(name) && second.jobs.has(name)).length, 0);
    await first.end();
    await until('the second has all', () => shareOf(running, 'second') === NAMES.length);
    await second.end();
    assert.equal(running.size, 0);
  });

  test('a bot that can’t renew its leases ends its work before another one begins it', async (t) => {
    const place = await postgres.place();
    const running = new Map<string, string>();
    const first = await bot(t, place, running, 'first');
    await until('the first has all', () => running.size === NAMES.length);
    t.mock.method(first.leases, 'renew', async () => {
      throw new Error('cut off');
    });
    const second = await bot(t, place, running, 'second');
    const begin = performance.now();
    await until('the second has all', () => shareOf(running, 'second') === NAMES.length);
    assert.ok(performance.now() - begin < 3 * first.leases.lastsMs);
    assert.ok(NAMES.every((name) => !first.jobs.has(name)));
    await first.end();
    await second.end();
  });

  test('a bot that can’t do a job lets another one try, and keeps the job while it is alone', async (t) => {
    const place = await postgres.place();
    const ran: string[] = [];
    const join = async (as: string) => {
      const [jobs, scope] = [new SharedJobs(await leasesAt(t, place), LOG), new Scope()];
      const run = async ({ stop, yield: giveUp }: Turn) => {
        ran.push(as);
        const tries = setInterval(giveUp, 100);
        await aborted(stop);
        clearInterval(tries);
      };
      jobs.keep('delivery', run, scope);
      jobs.start();
      return async () => {
        await scope.end();
        await jobs.leave();
      };
    };
    const ends = [await join('first')];
    await until('the first begins', () => ran.length > 0);
    await sleep(500);
    assert.deepEqual(ran, ['first']);
    ends.push(await join('second'));
    await until('the second tries', () => ran.includes('second'));
    for (const end of ends) await end();
  });

  test('a turn moves only after its work has ended, and the work of another bot is left to it', async (t) => {
    const place = await postgres.place();
    const running = new Map<string, string>();
    const first = await bot(t, place, running, 'first');
    await until('the first has all', () => running.size === NAMES.length);
    const { promise: longWork, resolve: endWork } = Promise.withResolvers<void>();
    for (const name of NAMES) assert.ok(first.jobs.begin(name, 'execution', () => longWork, first.scope));
    const second = await bot(t, place, running, 'second');
    await until('the first is asked for some', () => NAMES.some((name) => !first.jobs.has(name)));
    await sleep(1_500);
    assert.equal(shareOf(running, 'second'), 0);
    const moving = NAMES.filter((name) => !first.jobs.has(name));
    for (const name of moving)
      for (const { jobs, scope } of [first, second])
        assert.equal(
          jobs.begin(name, 'diagnosis', async () => {}, scope),
          false,
        );
    endWork();
    await until('they moved', () => moving.every((name) => second.jobs.has(name)));
    await first.end();
    await second.end();
  });
});
