import { existsSync } from 'node:fs';
import { isInstalled, runProgram } from './run-program.ts';
import { checkProbeOutput, type Scene } from './scene.ts';

/**
 * The same script on the same machine, by the tools that people would use instead. All of these return milliseconds.
 */

const REMOTE_COMMAND = 'sudo -n sh -s';

/** No connection at all: the cost of the script itself. */
export async function runScriptAlone(scene: Scene): Promise<number> {
  const { stdout, ms } = await runProgram({ command: ['sh', '-s'], stdin: scene.script });
  checkProbeOutput(scene, stdout);
  return ms;
}

/** Only the script, many times at once: what one machine needs for it when it stands for all those hosts. */
export async function runScriptsAlone(scene: Scene, times: number): Promise<number> {
  const all = 'n=$1; while [ "$n" -gt 0 ]; do sh -s <"$2" >/dev/null & n=$((n - 1)); done; wait';
  const { ms } = await runProgram({ command: ['sh', '-c', all, 'sh', String(times), scene.scriptFile], stdin: '' });
  return ms;
}

export async function runOpenSsh(scene: Scene): Promise<number> {
  const command = ['ssh', ...sshOptions(scene), '-p', String(scene.sshd.port), 'root@127.0.0.1', REMOTE_COMMAND];
  const { stdout, ms } = await runProgram({ command, stdin: scene.script });
  checkProbeOutput(scene, stdout);
  return ms;
}

export const hasAnsible = () => isInstalled('ansible');

/** Ansible's `script` module. It keeps its connection for a minute, its default. */
export async function runAnsible(scene: Scene): Promise<number> {
  const { port, directory } = scene.sshd;
  const target = ['127.0.0.1', '-i', '127.0.0.1,', '-u', 'root', '--become', '-e', `ansible_port=${port}`];
  const { stdout, ms } = await runProgram({
    command: ['ansible', ...target, '-m', 'script', '-a', scene.scriptFile],
    stdin: '',
    env: {
      ANSIBLE_HOME: `${directory}/ansible`,
      ANSIBLE_SSH_ARGS: [...sshOptions(scene), ...controlPath(scene), ...KEEP_CONNECTION].join(' '),
    },
  });
  if (!stdout.includes('"rc": 0')) throw new Error(`ansible: ${stdout.subarray(0, 2000)}`);
  return ms;
}

const KEEP_CONNECTION = ['-o', 'ControlMaster=auto', '-o', 'ControlPersist=60s'];

/** Ends the connection that {@link runAnsible} has left, if there is one. */
export async function endAnsibleConnection(scene: Scene): Promise<void> {
  const { port, directory } = scene.sshd;
  if (!existsSync(`${directory}/ansible-connection`)) return;
  const command = ['ssh', ...controlPath(scene), '-O', 'exit', '-p', String(port), 'root@127.0.0.1'];
  await runProgram({ command, stdin: '' });
}

function controlPath({ sshd }: Scene): readonly string[] {
  return ['-o', `ControlPath=${sshd.directory}/ansible-connection`];
}

export const hasClush = () => isInstalled('clush');

/** ClusterShell on many addresses at once, with its default fan-out. */
export async function runClush(scene: Scene, addresses: readonly string[]): Promise<number> {
  const options = [...sshOptions(scene), '-p', String(scene.sshd.port)].join(' ');
  const command = ['clush', '-w', addresses.join(','), '-l', 'root', '-o', options, REMOTE_COMMAND];
  const { stdout, ms } = await runProgram({ command, stdin: scene.script });
  const answered = new Set(stdout.toString('latin1').match(/^[\d.]+(?=: )/gm));
  if (answered.size !== addresses.length) throw new Error(`clush: ${answered.size} of ${addresses.length} answered`);
  return ms;
}

function sshOptions({ sshd }: Scene): readonly string[] {
  const options = [
    `UserKnownHostsFile=${sshd.knownHostsFile}`,
    'IdentitiesOnly=yes',
    'BatchMode=yes',
    'LogLevel=ERROR',
  ];
  return ['-F', 'none', '-i', sshd.clientKeyFile, ...options.flatMap((option) => ['-o', option])];
}
