import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openSqliteStore } from '../../src/store/open-sqlite-store.ts';
import type { OpenedStore } from '../../src/store/opened-store.ts';
import { standingClock } from './samples.ts';

export type StoreUnderTest = Omit<OpenedStore, 'ping'> & { readonly clock: ReturnType<typeof standingClock> };

/** Opens an empty store of the test's own, which goes with the test. */
export type OpenStore = (t: TestContext) => Promise<StoreUnderTest>;

export const openSqlite: OpenStore = async (t) => openSqliteAt(t, await databasePath(t));

/** Opens the store in this file, and closes it with the test, if the test did not. */
export async function openSqliteAt(t: TestContext, path: string): Promise<OpenedStore & StoreUnderTest> {
  const clock = standingClock();
  const opened = await openSqliteStore(`sqlite:${path}`, { clock });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await opened.close();
    isOpen = false;
  };
  t.after(close);
  return { ...opened, clock, close };
}

/** A path for a database in a directory of its own, which goes with the test. */
export async function databasePath(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rd-store-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'record.db');
}
