import { after, type TestContext } from 'node:test';
import { openRecord } from '../../src/store/open-record.ts';
import type { OpenedStore, RecordPlace } from '../../src/store/opened-store.ts';
import { PostgresServer, type ServerOptions } from '../support/services/postgres-server.ts';
import type { StoreUnderTest } from './open-store.ts';
import { standingClock } from './samples.ts';

/** One server for the tests of a file, started by the first that needs it, with a database for each. */
export class RecordServer {
  readonly #options: ServerOptions;
  #started: Promise<{ readonly server: PostgresServer; readonly template: string }> | null = null;

  constructor(options: ServerOptions = {}) {
    this.#options = options;
    after(async () => (await this.#started)?.server.remove());
  }

  get server(): Promise<PostgresServer> {
    return this.#start().then(({ server }) => server);
  }

  /** The place of an empty record of the test's own. */
  async place(): Promise<RecordPlace & { readonly database: string }> {
    const { server, template } = await this.#start();
    const database = await server.database(template);
    return { url: server.url(database), passwordFile: null, database };
  }

  /** Opens an empty store of the test's own. */
  readonly open = async (t: TestContext) => openPostgresAt(t, await this.place());

  #start() {
    this.#started ??= this.#startOnce();
    return this.#started;
  }

  async #startOnce() {
    const server = await PostgresServer.start(this.#options);
    const template = await server.database();
    const { close } = await openRecord({ url: server.url(template), passwordFile: null }, { clock: standingClock() });
    await close();
    return { server, template };
  }
}

/** Opens the store there, and closes it with the test, if the test did not. */
export async function openPostgresAt(
  t: { readonly after: (end: () => Promise<void>) => void },
  place: RecordPlace,
): Promise<OpenedStore & StoreUnderTest> {
  const clock = standingClock();
  const opened = await openRecord(place, { clock });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await opened.close();
    isOpen = false;
  };
  t.after(close);
  return { ...opened, clock, close };
}
