import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import type { RecordPlace } from '../../../src/store/opened-store.ts';
import { type BotFiles, prepareBot } from '../bots/serving-bot.ts';
import { APPROVERS, endAll, type Flow, startGround } from '../crash/crash-scene.ts';
import { type NetworkCut, networkCut } from '../crash/network-cut.ts';
import { freePort } from '../services/free-port.ts';
import { PostgresServer } from '../services/postgres-server.ts';
import { ChaosBot } from './chaos-bot.ts';

/** Several bots on one record on Postgres, for several hosts with a real registry each, and everything that can fail around them. */
export type ChaosScene = {
  readonly slack: SlackStandIn;
  readonly ssh: NetworkCut;
  readonly postgres: PostgresServer;
  /** Past everything that fails. */
  readonly place: RecordPlace;
  readonly bots: readonly ChaosBot[];
  /** Of one of the bots. */
  readonly files: BotFiles;
  readonly flows: readonly Flow[];
  readonly end: () => Promise<void>;
};

export async function startChaosScene(size: number, amount: number): Promise<ChaosScene> {
  const ends: (() => unknown)[] = [];
  const end = () => endAll(ends);
  try {
    const { slack, ssh, flows, hosts, signingKey } = await startGround(size, ends);
    const port = await freePort();
    const postgres = await PostgresServer.start({ access: ['host all all 127.0.0.1/32 trust'], tcp: { port } });
    ends.push(() => postgres.remove());
    const database = await postgres.database();
    const bots: ChaosBot[] = [];
    for (let index = 0; index < amount; index += 1) {
      const ways = { postgres: await networkCut(port), slack: await networkCut(Number(new URL(slack.apiUrl).port)) };
      ends.push(
        () => ways.postgres.close(),
        () => ways.slack.close(),
      );
      const storeUrl = `postgres://postgres@127.0.0.1:${ways.postgres.port}/${database}?sslmode=disable`;
      const files = await prepareBot({
        ...{ slack, mode: 'socket', hosts, storeUrl, slackPort: ways.slack.port, isAmongOthers: true },
        ...{ signingKey, policy: APPROVERS },
      });
      ends.push(files.remove);
      const bot = new ChaosBot(`bot ${index + 1}`, files, ways);
      ends.push(() => bot.kill());
      bots.push(bot);
    }
    const [first] = bots;
    if (first === undefined) throw new Error('chaos needs a bot');
    const place = { url: postgres.url(database), passwordFile: null };
    return { slack, ssh, postgres, place, bots, files: first.files, flows, end };
  } catch (error) {
    await end();
    throw error;
  }
}
