import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { type BotFiles, prepareBot, type ServingBot } from '../bots/serving-bot.ts';
import { APPROVERS, endAll, type Flow, startGround } from '../crash/crash-scene.ts';
import { type NetworkCut, networkCut } from '../crash/network-cut.ts';
import { freePort } from './free-port.ts';
import { PostgresServer } from './postgres-server.ts';

/** Two bots on one record, whose address leads to a Postgres server that has a synchronous standby. */
export type FailoverScene = {
  readonly slack: SlackStandIn;
  readonly flows: readonly Flow[];
  readonly primary: PostgresServer;
  readonly standby: PostgresServer;
  readonly database: string;
  /** What stands for the name or address that follows the primary. */
  readonly address: NetworkCut;
  /** Lets the address lead to the server. */
  readonly follow: (server: PostgresServer) => void;
  readonly bots: readonly FailoverBot[];
  readonly end: () => Promise<void>;
};

export type FailoverBot = {
  readonly files: BotFiles;
  readonly serving: ServingBot;
  /** The URL at which monitoring asks it. */
  readonly monitoring: string;
};

const ACCESS = ['local replication all trust', 'host all all 127.0.0.1/32 trust'];
const BOTS = 2;

export async function startFailoverScene(hostCount: number): Promise<FailoverScene> {
  const ends: (() => unknown)[] = [];
  const end = () => endAll(ends);
  try {
    const { slack, flows, hosts } = await startGround(hostCount, ends);
    const ports = { primary: await freePort(), standby: await freePort() };
    const primary = await PostgresServer.start({ access: ACCESS, tcp: { port: ports.primary } });
    ends.push(() => primary.remove());
    const database = await primary.database();
    const standby = await PostgresServer.startStandby(primary, { tcp: { port: ports.standby } });
    ends.push(() => standby.remove());
    const address = await networkCut(ports.primary);
    ends.push(() => address.close());
    const bots: FailoverBot[] = [];
    for (let index = 0; index < BOTS; index += 1) {
      const http = { port: await freePort() };
      const files = await prepareBot({
        ...{ slack, mode: 'socket', hosts, policy: APPROVERS, isAmongOthers: true, config: { http } },
        storeUrl: `postgres://postgres@127.0.0.1:${address.port}/${database}?sslmode=disable`,
      });
      ends.push(files.remove);
      const serving = await files.start();
      ends.push(() => serving.process.kill('SIGKILL'));
      bots.push({ files, serving, monitoring: `http://127.0.0.1:${http.port}` });
    }
    const follow = (server: PostgresServer) => address.leadTo(server === primary ? ports.primary : ports.standby);
    return { slack, flows, primary, standby, database, address, follow, bots, end };
  } catch (error) {
    await end();
    throw error;
  }
}
