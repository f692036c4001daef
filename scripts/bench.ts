import { benchManyHosts } from './bench/many-hosts.ts';
import { benchOneDiagnosis } from './bench/one-diagnosis.ts';
import { printAims, printNote } from './bench/report.ts';
import { startScene } from './bench/scene.ts';

/** `npm run bench`: how fast we are beside the tools that people would take instead. It tells times and asserts none. */
const scene = await startScene();
try {
  const aims = [...(await benchOneDiagnosis(scene)), ...(await benchManyHosts(scene))];
  printNote(`peak memory of this process: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
  printAims(aims);
} finally {
  await scene.end();
}
