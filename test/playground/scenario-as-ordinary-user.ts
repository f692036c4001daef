import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import ssh2 from 'ssh2';
import type { PracticeHost } from '../../src/playground/practice-host/start-practice-host.ts';
import { buildScenario } from '../../src/playground/scenario/build-scenario.ts';
import { answerOf } from '../support/services/http-answer.ts';

/** Plays the scenario as the user who runs this file and prints the result as JSON; started by scenario.test.ts. */
const scenario = await buildScenario();
const { service, tree, registry, host, scratch } = scenario;
const closed = tree.closed.map(({ path }) => (statSync(path).mode & 0o777).toString(8));
const health = JSON.parse(await answerOf(`${registry.debugUrl}/debug/health`, 503));
const words = String(health.storagedriver_filesystem).split(': ').at(-1);
const login = await echoOverSsh(host);
for (const { path } of tree.closed) chmodSync(path, 0o700);
const recovered = (await answerOf(`${registry.url}/v2/`, 200)) === '{}';
for (const { path } of tree.closed) chmodSync(path, 0o000);
await scenario.remove();
console.log(JSON.stringify({ service, closed, words, login, recovered, leftBehind: existsSync(scratch) }));

async function echoOverSsh({ address, port, user, identityFile }: PracticeHost): Promise<string> {
  const client = new ssh2.Client();
  const ready = once(client, 'ready');
  client.connect({ host: address, port, username: user, privateKey: readFileSync(identityFile) });
  await ready;
  const words = await new Promise<string>((resolve, reject) => {
    client.exec('echo ok', (error, channel) => (error ? reject(error) : resolve(text(channel))));
  });
  client.end();
  return words.trim();
}
