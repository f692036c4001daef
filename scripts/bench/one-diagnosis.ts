import { endAnsibleConnection, hasAnsible, runAnsible, runOpenSsh, runScriptAlone } from './others.ts';
import { type Aim, printHeading, printNote, printSamples } from './report.ts';
import { type Contestant, runRounds, samplesOf, stopwatch } from './rounds.ts';
import { diagnose, newRemote, type Scene } from './scene.ts';
import { median } from './statistics.ts';

const ROUNDS = 21;
/** Ansible needs seconds where the others need fractions of one. */
const ANSIBLE_EVERY_NTH_ROUND = 5;

const SCRIPT = 'the script alone (sh -s, no connection)';
const COLD = 'Registry Doctor, cold (a new connection)';
const WARM = 'Registry Doctor, warm (a pooled connection)';
const OPENSSH = 'ssh HOST sudo -n sh -s';
const ANSIBLE_COLD = 'ansible -m script, cold';
const ANSIBLE_WARM = 'ansible -m script, warm (ControlPersist)';

/** One diagnosis, compared with tools that run the same script, each with and without the time of the script itself. */
export async function benchOneDiagnosis(scene: Scene): Promise<readonly Aim[]> {
  printHeading(`One diagnosis of the scenario, ${ROUNDS} rounds in turn; "added" is p50 less that of the script alone`);
  const host = scene.host('127.0.0.1');
  const pooled = newRemote(scene);
  await diagnose(pooled, host);
  const contestants: Contestant[] = [
    { name: SCRIPT, measure: () => runScriptAlone(scene) },
    { name: OPENSSH, measure: () => runOpenSsh(scene) },
    { name: COLD, measure: () => diagnoseCold(scene) },
    { name: WARM, measure: () => stopwatch(() => diagnose(pooled, host)) },
    ...(hasAnsible() ? ansibleRuns(scene) : []),
  ];
  const samples = await runRounds(ROUNDS, contestants);
  await pooled.close();
  const times = (name: string) => samplesOf(samples, name);

  for (const { name } of contestants) printSamples(name, times(name), name === SCRIPT ? undefined : times(SCRIPT));
  const added = (name: string) => median(times(name)) - median(times(SCRIPT));
  const aims: Aim[] = [
    { what: SCRIPT, measured: median(times(SCRIPT)), limit: 150, direction: 'at most', unit: 'ms' },
    ...[{ name: COLD, limit: 0.5 } as const, { name: WARM, limit: 0.1 } as const].map(({ name, limit }): Aim => {
      const what = `${name}: adds to the script, against what OpenSSH adds`;
      return { what, measured: added(name) / added(OPENSSH), limit, direction: 'at most', unit: '×' };
    }),
  ];
  if (!hasAnsible()) {
    printNote('ansible is not installed, so nothing is compared with it');
    return aims;
  }
  const faster = (name: string, ansible: string): Aim => {
    const measured = median(times(ansible)) / median(times(name));
    return { what: `${name}: faster than Ansible`, measured, limit: 5, direction: 'at least', unit: '×' };
  };
  return [...aims, faster(COLD, ANSIBLE_COLD), faster(WARM, ANSIBLE_WARM)];
}

async function diagnoseCold(scene: Scene): Promise<number> {
  const remote = newRemote(scene);
  const ms = await stopwatch(() => diagnose(remote, scene.host('127.0.0.1')));
  await remote.close();
  return ms;
}

/** The warm run uses the connection of the cold run before it. */
function ansibleRuns(scene: Scene): readonly Contestant[] {
  const everyNthRound = ANSIBLE_EVERY_NTH_ROUND;
  const warm = async () => {
    const ms = await runAnsible(scene);
    await endAnsibleConnection(scene);
    return ms;
  };
  return [
    { name: ANSIBLE_COLD, everyNthRound, measure: () => runAnsible(scene) },
    { name: ANSIBLE_WARM, everyNthRound, measure: warm },
  ];
}
