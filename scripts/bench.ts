import { missingRequirements } from '../test/support/requirements.ts';
import { benchAlertStorm } from './bench/alert-storm.ts';
import { benchCrowdedChannel } from './bench/crowded-channel.ts';
import { benchFullDiagnosis } from './bench/full-diagnosis.ts';
import { benchLongRecord } from './bench/long-record.ts';
import { benchOneDiagnosis } from './bench/one-diagnosis.ts';
import { benchExportIncident } from './bench/record/export-incident.ts';
import { benchReplicas } from './bench/replicas.ts';
import { type Aim, printAims, printHeading, printNote } from './bench/report.ts';
import { type Scene, startScene } from './bench/scene.ts';
import { benchSlackAcks } from './bench/slack-acks.ts';
import { benchManyHosts } from './bench/watch/many-hosts.ts';
import { benchSimulatedHosts } from './bench/watch/simulated-hosts.ts';
import { benchWatchedHosts } from './bench/watch/watched-hosts.ts';

/** By the name that `npm run bench -- NAME` takes. */
const BENCHES: Readonly<Record<string, (scene: Scene) => Promise<readonly Aim[]>>> = {
  'one-diagnosis': benchOneDiagnosis,
  'slack-acks': benchSlackAcks,
  'crowded-channel': benchCrowdedChannel,
  'alert-storm': benchAlertStorm,
  'many-hosts': benchManyHosts,
  'long-record': benchLongRecord,
  'watched-hosts': benchWatchedHosts,
  'simulated-hosts': benchSimulatedHosts,
  replicas: benchReplicas,
  'export-incident': benchExportIncident,
  // The last one: the storage that it fills would slow the others.
  'full-diagnosis': benchFullDiagnosis,
};

/**
 * `npm run bench`: how fast we are compared with the tools that people would use instead, and what load costs. Prints
 * numbers and asserts none. `npm run bench -- NAME…` runs only these.
 */
const named = process.argv.slice(2);
const unknown = named.find((name) => !Object.hasOwn(BENCHES, name));
if (unknown !== undefined) refuse(`There is no bench ${unknown}, only ${Object.keys(BENCHES).join(', ')}`);
const missing = missingRequirements(['root', 'sshd', 'docker-registry', 'sudo', 'setpriv', 'postgres']);
if (missing.length > 0) refuse(`The benchmark needs ${missing.join(', ')} on this machine`);

const scene = await startScene();
try {
  printAims(await runAll(scene));
} finally {
  await scene.end();
}

function refuse(why: string): never {
  console.error(`${why}. Nothing was measured.`);
  process.exit(1);
}

async function runAll(scene: Scene): Promise<readonly Aim[]> {
  const aims: Aim[] = [];
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (named.length === 0 || named.includes(name)) aims.push(...(await bench(scene)));
  }
  printHeading('Memory');
  printNote(`peak of this process, which ran the diagnoses: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
  return aims;
}
