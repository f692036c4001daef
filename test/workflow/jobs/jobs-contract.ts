import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../../../src/log.ts';
import type { Jobs, Within } from '../../../src/workflow/jobs/jobs.ts';
import { WorkInFlight } from '../../../src/workflow/jobs/work-in-flight.ts';

/** Jobs of a bot that is the only one so far. */
export type OpenJobs = (t: TestContext) => Promise<Jobs>;

export class Scope implements Within {
  readonly work = new WorkInFlight(createLog('silent'));
  readonly #stop = new AbortController();
  readonly stop = this.#stop.signal;

  async end(): Promise<void> {
    this.#stop.abort();
    assert.ok(await this.work.drain(10_000), 'work is still under way');
  }
}

export async function until(what: string, isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!isTrue()) {
    assert.ok(performance.now() < deadline, `never: ${what}`);
    await sleep(20);
  }
}

export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** What is true of jobs however many bots there can be. */
export function jobsContract(open: OpenJobs): void {
  test('a standing job begins on its own, is ours, and ends with the bot', async (t) => {
    const [jobs, scope] = [await open(t), new Scope()];
    const seen: string[] = [];
    jobs.keep(
      'expiry',
      async ({ stop, isOurs, isMoving }) => {
        seen.push(`begins, ours: ${isOurs()}, moving: ${isMoving()}`);
        await aborted(stop);
        seen.push(`ends, moving: ${isMoving()}`);
      },
      scope,
    );
    jobs.start();
    await until('it begins', () => seen.length > 0);
    assert.ok(jobs.has('expiry'));
    await scope.end();
    await jobs.leave();
    assert.deepEqual(seen, ['begins, ours: true, moving: false', 'ends, moving: false']);
  });

  test('a job that is done once runs under the turn, and the bot waits for its end', async (t) => {
    const [jobs, scope] = [await open(t), new Scope()];
    jobs.keep('host git01', ({ stop }) => aborted(stop), scope);
    jobs.start();
    await until('the turn is ours', () => jobs.has('host git01'));
    const seen: string[] = [];
    const diagnose = async (stop: AbortSignal) => {
      await aborted(stop);
      seen.push('ended');
    };
    assert.ok(jobs.begin('host git01', 'diagnosis', diagnose, scope));
    await scope.end();
    await jobs.leave();
    assert.deepEqual(seen, ['ended']);
  });

  test('a dropped job ends, and the others go on', async (t) => {
    const [jobs, scope] = [await open(t), new Scope()];
    const running = new Set<string>();
    for (const name of ['host git01', 'host git02']) {
      const run = async ({ stop }: { readonly stop: AbortSignal }) => {
        running.add(name);
        await aborted(stop);
        running.delete(name);
      };
      jobs.keep(name, run, scope);
    }
    jobs.start();
    await until('both run', () => running.size === 2);
    jobs.drop('host git01');
    await until('one has ended', () => running.size === 1);
    assert.deepEqual([...running], ['host git02']);
    await scope.end();
    await jobs.leave();
  });
}
