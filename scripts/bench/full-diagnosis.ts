import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { PROBE_LIMITS } from '../../src/workflow/host/diagnose-host.ts';
import { type Aim, printHeading, printNote, printSamples } from './report.ts';
import { type Contestant, runRounds, samplesOf, stopwatch } from './rounds.ts';
import { runProgram } from './run-program.ts';
import { diagnose, newRemote, type Scene } from './scene.ts';
import { median } from './statistics.ts';

const ROUNDS = 7;
/** Two directories and a file each. */
const BLOBS = 33_000;

/** The stated limit: a diagnosis of a host with a large storage ends within this time. */
const BOUND_MS = 5_000;
const BOUND_BYTES = PROBE_LIMITS.maxOutputBytes;

const LEAN = 'the script without any collector';
const FULL = 'the script, all collectors';
const DIAGNOSIS = 'Registry Doctor, warm';

/** The complete diagnosis of a host whose storage has about 100,000 entries, and what each of its collectors adds. */
export async function benchFullDiagnosis(scene: Scene): Promise<readonly Aim[]> {
  fillStorage(scene);
  printHeading(
    `A storage of ${BLOBS * 3} entries, ${ROUNDS} rounds in turn; "added" is p50 less that without collectors`,
  );
  const collectors = collectorsOf(scene.script);
  const remote = newRemote(scene);
  const host = scene.host('127.0.0.1');
  await diagnose(remote, host);
  const contestants: Contestant[] = [
    { name: LEAN, measure: () => runScript(without(scene.script, collectors)) },
    ...collectors.map((name) => ({
      name: `… and ${name}`,
      measure: () =>
        runScript(
          without(
            scene.script,
            collectors.filter((other) => other !== name),
          ),
        ),
    })),
    { name: FULL, measure: () => runScript(scene.script) },
    { name: DIAGNOSIS, measure: () => stopwatch(() => diagnose(remote, host)) },
  ];
  const samples = await runRounds(ROUNDS, contestants);
  await remote.close();
  const times = (name: string) => samplesOf(samples, name);
  for (const { name } of contestants) printSamples(name, times(name), name === LEAN ? undefined : times(LEAN));
  const { stdout } = await runProgram({ command: ['sh', '-s'], stdin: scene.script });
  printNote(`the script printed ${stdout.length} bytes, of ${BOUND_BYTES} that are taken`);
  return [
    {
      what: `${DIAGNOSIS}: a storage of ${BLOBS * 3} entries`,
      measured: median(times(DIAGNOSIS)),
      limit: BOUND_MS,
      direction: 'at most',
      unit: 'ms',
    },
    {
      what: 'what it prints, of what is taken',
      measured: stdout.length / BOUND_BYTES,
      limit: 0.5,
      direction: 'at most',
      unit: '×',
    },
  ];
}

async function runScript(script: string): Promise<number> {
  const { ms } = await runProgram({ command: ['sh', '-s'], stdin: script });
  return ms;
}

/** As written in the probe's pipe: `beside NAME |`. */
function collectorsOf(script: string): readonly string[] {
  return [...script.matchAll(/\bbeside ([a-z_]+) \|/g)].map(([, name = '']) => name);
}

function without(script: string, collectors: readonly string[]): string {
  return collectors.reduce((text, name) => text.replace(`beside ${name} |`, 'cat |'), script);
}

/** Blobs as the registry lays them out: blobs/sha256/xx/DIGEST/data. */
function fillStorage({ registry }: Scene): void {
  const { uid, gid } = registry.serviceUser;
  const make = (path: string) => {
    mkdirSync(path, { recursive: true });
    chownSync(path, uid, gid);
  };
  let blobs = registry.bytes('registry').toString();
  for (const name of ['docker', 'registry', 'v2', 'blobs', 'sha256']) {
    blobs = `${blobs}/${name}`;
    make(blobs);
  }
  for (let index = 0; index < BLOBS; index += 1) {
    const digest = index.toString(16).padStart(4, '0');
    const directory = `${blobs}/${digest.slice(-2)}/${digest.padEnd(64, '0')}`;
    if (index < 256) make(`${blobs}/${digest.slice(-2)}`);
    make(directory);
    writeFileSync(`${directory}/data`, '');
    chownSync(`${directory}/data`, uid, gid);
  }
}
