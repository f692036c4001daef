import { missingRequirements } from '../test/support/requirements.ts';
import { benchCrowdedChannel } from './bench/crowded-channel.ts';
import { benchFullDiagnosis } from './bench/full-diagnosis.ts';
import { benchManyHosts } from './bench/many-hosts.ts';
import { benchOneDiagnosis } from './bench/one-diagnosis.ts';
import { type Aim, printAims, printHeading, printNote } from './bench/report.ts';
import { type Scene, startScene } from './bench/scene.ts';
import { benchSlackAcks } from './bench/slack-acks.ts';
import { benchWatchedHosts } from './bench/watched-hosts.ts';

/**
 * `npm run bench`: how fast we are compared with the tools that people would use instead. Prints times and asserts
 * none.
 */
const missing = missingRequirements(['root', 'sshd', 'docker-registry', 'sudo', 'setpriv']);
if (missing.length > 0) {
  console.error(`The benchmark needs ${missing.join(', ')} on this machine. Nothing was measured.`);
  process.exit(1);
}

const scene = await startScene();
try {
  printAims(await runAll(scene));
} finally {
  await scene.end();
}

async function runAll(scene: Scene): Promise<readonly Aim[]> {
  const aims = [
    ...(await benchOneDiagnosis(scene)),
    ...(await benchSlackAcks(scene)),
    ...(await benchCrowdedChannel()),
    ...(await benchManyHosts(scene)),
    ...(await benchWatchedHosts(scene)),
    // The last one: the storage that it fills would slow the others.
    ...(await benchFullDiagnosis(scene)),
  ];
  printHeading('Memory');
  printNote(`peak of this process, which ran the diagnoses: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
  return aims;
}
