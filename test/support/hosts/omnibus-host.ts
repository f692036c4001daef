import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../services/free-port.ts';
import { type Sshd, startSshd } from './sshd.ts';

/**
 * A GitLab Omnibus host as far as the registry sees it, in mounts and processes of its own: users, directories and
 * modes as `gitlab-ctl reconfigure` leaves them, the real registry as /opt/gitlab/embedded/bin/registry, started as its
 * run script does (`chpst -u registry:registry`, so with only that group), its log as svlogd writes it. The incident
 * has happened: /var/opt/gitlab/gitlab-rails is a symlink to a new disk, below two directories that only git can pass.
 * Needs root. The login is over a real sshd. Nothing of it is visible on the machine itself, or stays.
 */
export type OmnibusHost = {
  readonly sshd: Sshd;
  /** Runs a shell command on the host, as its root. Throws if that fails. */
  readonly run: (command: string) => string;
  /** Restarts the registry, as `gitlab-ctl restart registry` does. */
  readonly restartRegistry: () => Promise<void>;
  readonly untilV2: (status: number) => Promise<void>;
  /** The status of a push's first request: 202 if the registry accepts it. */
  readonly beginPush: () => Promise<number>;
  readonly end: () => Promise<void>;
};

const CLOSED = ['/mnt/data/backup', '/mnt/data/backup/disk4t'];
export const CLOSED_ANCESTORS: readonly string[] = CLOSED;

const DEADLINE_MS = 30_000;
const POLL_MS = 20;

export async function startOmnibusHost(): Promise<OmnibusHost> {
  const port = await freePort();
  const machine = await startMachine();
  const init = await initOf(machine);
  const inside = ['--mount', '--pid', '--target', String(init), '--'];
  const run = (command: string) => {
    const { stdout, stderr, status } = spawnSync('nsenter', [...inside, 'sh', '-c', command], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
    return stdout;
  };
  run(setUp(port));
  // The sshd of a machine runs inside it. This one takes everyone in there.
  const config = [`ForceCommand nsenter ${inside.join(' ')} /bin/sh -c "$SSH_ORIGINAL_COMMAND"`];
  const sshd = await startSshd({ config });
  const untilV2 = (status: number) =>
    until(async () => (await statusOf(port, 'GET', '')) === status, `/v2/ gives ${status}`);
  const restartRegistry = async () => {
    run(STOP_REGISTRY);
    run(START_REGISTRY);
    await until(async () => (await statusOf(port, 'GET', '')) !== 0, 'the registry listens');
  };
  await restartRegistry();
  return {
    sshd,
    run,
    restartRegistry,
    untilV2,
    beginPush: () => statusOf(port, 'POST', 'group/app/blobs/uploads/'),
    end: async () => {
      await sshd.stop();
      const ended = once(machine, 'exit');
      machine.kill('SIGKILL');
      await ended;
    },
  };
}

/** It lives as long as this process, and ends with every process and mount in it (unshare(1), --kill-child). */
async function startMachine(): Promise<ChildProcess> {
  const words = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const child = spawn('unshare', [...words, 'sh', '-c', 'echo up; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('the machine says nothing');
  await once(child.stdout, 'data');
  return child;
}

async function initOf({ pid }: ChildProcess): Promise<number> {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return Number(children.split(' ')[0]);
}

/** Everything that the scenario changes is on filesystems of its own. */
function setUp(port: number): string {
  return `set -e
scratch=$(mktemp -d); mount -t tmpfs tmpfs "$scratch"
for place in etc opt mnt var/opt var/log var/lib; do
  mkdir -p "$scratch/$place/changed" "$scratch/$place/work"
  mount -t overlay overlay -o "lowerdir=/$place,upperdir=$scratch/$place/changed,workdir=$scratch/$place/work" "/$place"
  chmod 755 "/$place"
done
umount -l "$scratch"; rmdir "$scratch"
for user in git gitlab-www registry; do useradd --system --user-group --no-create-home "$user"; done
install -d -m 0755 /opt/gitlab /opt/gitlab/embedded /opt/gitlab/embedded/bin /opt/gitlab/service/registry/supervise /opt/gitlab/service/registry/log
cp "$(command -v docker-registry)" /opt/gitlab/embedded/bin/registry
printf '#!/bin/sh\\nexec svlogd -tt /var/log/gitlab/registry\\n' >/opt/gitlab/service/registry/log/run
install -d -m 0755 /var/opt/gitlab /var/log/gitlab
install -d -m 0700 -o registry -g registry /var/log/gitlab/registry
install -d -m 2770 -o registry -g registry /var/opt/gitlab/registry
install -d -m 0755 /mnt/data
install -d -m 0750 -o root -g git /mnt/data/backup /mnt/data/backup/disk4t
install -d -m 0755 -o git -g root /mnt/data/backup/disk4t/gitlab-rails
install -d -m 0751 -o git -g gitlab-www /mnt/data/backup/disk4t/gitlab-rails/shared
install -d -m 0770 -o registry -g git /mnt/data/backup/disk4t/gitlab-rails/shared/registry
install -d -m 0755 -o registry -g registry /mnt/data/backup/disk4t/gitlab-rails/shared/registry/docker
ln -s /mnt/data/backup/disk4t/gitlab-rails /var/opt/gitlab/gitlab-rails
cat >/var/opt/gitlab/registry/config.yml <<CONFIG
version: 0.1
log: {"level":"info","formatter":"text","fields":{"service":"registry","environment":"production"}}
storage: {"filesystem":{"rootdirectory":"/var/opt/gitlab/gitlab-rails/shared/registry"},"cache":{"blobdescriptor":"inmemory"},"delete":{"enabled":true}}
http:
  addr: 127.0.0.1:${port}
  secret: "do-not-tell"
health:
  storagedriver:
    enabled: true
    interval: 50ms
    threshold: 3
CONFIG
chown registry:registry /var/opt/gitlab/registry/config.yml; chmod 0644 /var/opt/gitlab/registry/config.yml`;
}

/**
 * Like its run script: \`exec chpst -u registry:registry …\`, with the output through svlogd, which puts the time
 * before each line.
 */
const START_REGISTRY = `cd /
( (setpriv --reuid registry --regid registry --clear-groups -- \\
  /opt/gitlab/embedded/bin/registry serve /var/opt/gitlab/registry/config.yml 2>&1 & echo $! >/opt/gitlab/service/registry/supervise/pid; wait) </dev/null |
  while IFS= read -r line; do printf '%s.00000 %s\\n' "$(date -u +%Y-%m-%d_%H:%M:%S)" "$line"; done >>/var/log/gitlab/registry/current ) >/dev/null 2>&1 &
echo run >/opt/gitlab/service/registry/supervise/stat`;

const STOP_REGISTRY = `for pid in $(cat /opt/gitlab/service/registry/supervise/pid 2>/dev/null); do
  kill -KILL "$pid" && while kill -0 "$pid" 2>/dev/null; do sleep 0.02; done
done; true`;

async function statusOf(port: number, method: string, path: string): Promise<number> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/v2/${path}`, { method });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not come about that ${what}`);
    await sleep(POLL_MS);
  }
}
