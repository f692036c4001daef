import { hasClush, runClush, runScriptsAlone } from '../others.ts';
import { type Aim, printHeading, printNote, printSamples } from '../report.ts';
import { type Contestant, runRounds, samplesOf, stopwatch } from '../rounds.ts';
import { diagnose, newRemote, type Scene } from '../scene.ts';
import { median } from '../statistics.ts';

const HOSTS = 100;
const ROUNDS = 3;

const SCRIPTS = `${HOSTS} of the script alone, at once`;
const COLD = 'Registry Doctor, cold';
const WARM = 'Registry Doctor, warm';
const CLUSH = 'clush';

/** Many hosts at once. Here they are all this one machine, which has to run the script for each of them. */
export async function benchManyHosts(scene: Scene): Promise<readonly Aim[]> {
  printHeading(`${HOSTS} hosts at once (127.0.0.1 to ${HOSTS}), ${ROUNDS} rounds in turn`);
  const addresses = Array.from({ length: HOSTS }, (_, index) => `127.0.0.${index + 1}`);
  const hosts = addresses.map(scene.host);
  const diagnoseAll = (remote: ReturnType<typeof newRemote>) =>
    Promise.all(hosts.map((host) => diagnose(remote, host)));

  let remote = newRemote(scene);
  const cold = async () => {
    remote = newRemote(scene);
    return stopwatch(() => diagnoseAll(remote));
  };
  // It finds the connections of the cold run before it in the pool.
  const warm = async () => {
    const ms = await stopwatch(() => diagnoseAll(remote));
    await remote.close();
    return ms;
  };
  const contestants: Contestant[] = [
    { name: SCRIPTS, measure: () => runScriptsAlone(scene, HOSTS) },
    ...(hasClush() ? [{ name: CLUSH, measure: () => runClush(scene, addresses) }] : []),
    { name: COLD, measure: cold },
    { name: WARM, measure: warm },
  ];
  const samples = await runRounds(ROUNDS, contestants);
  const times = (name: string) => samplesOf(samples, name);
  for (const { name } of contestants) printSamples(name, times(name));
  if (!hasClush()) {
    printNote('clush (clustershell) is not installed, so nothing is compared with it');
    return [];
  }
  return [COLD, WARM].map((name) => {
    const what = `${HOSTS} hosts at once, ${name}: against clush`;
    const measured = median(times(name)) / median(times(CLUSH));
    return { what, measured, limit: 0.35, direction: 'at most', unit: '×' };
  });
}
