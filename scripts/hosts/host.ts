import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GUARD_DIGEST, GUARD_PROGRAM } from '../../src/host/request/guard-program.ts';
import { HostPath } from '../../src/model/host/host-path.ts';
import { HostName } from '../../src/model/record/ids.ts';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { wordsFor } from '../../src/words/index.ts';
import { policyWith } from '../../test/support/bots/policy.ts';
import { makeKey } from '../../test/support/hosts/sshd.ts';
import { freePort } from '../../test/support/services/free-port.ts';
import { startLateRelay } from './late-relay.ts';
import { startLossyRelay } from './lossy-relay.ts';
import { type Machine, startMachine } from './machine.ts';
import { addPackages, debianRoot } from './packages.ts';
import type { HostRow, SshServer } from './row.ts';

/** The bot's accounts: one sends the guard with each request (trial), the other runs the installed guard. */
const TRIAL = 'registry-doctor';
const INSTALLED = 'registry-doctor-guard';
const SERVICE = { uid: 902, gid: 902 };
const CONFIG = '/etc/docker/registry/config.yml';
const GUARD = '/usr/local/libexec/registry-doctor/guard';

export type RunningHost = {
  readonly machine: Machine;
  /** The host in trial mode, and with an installed guard. */
  readonly trial: HostSettings;
  readonly installed: HostSettings;
  readonly knownHostsFile: string;
  readonly signingKeyFile: string;
  /** What the row's own program printed: which versions it tried. */
  readonly versions: string;
  readonly untilHealthy: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Builds the host of a row: the incident's storage path, the registry on it, and a real SSH server. */
export async function startHost(row: HostRow): Promise<RunningHost> {
  const machine = await startMachine(lowerRootOf(row));
  const keys = mkdtempSync('/var/tmp/rd-hosts-keys-');
  const stop = async () => {
    await machine.stop();
    rmSync(keys, { recursive: true, force: true });
  };
  try {
    addPackages(row.packages ?? [], row.root ?? 'here', machine.root);
    machine.sh(ACCOUNTS);
    machine.sh(STORAGE);
    const storageUnchanged = sleep(UNCHANGED_MS);
    const versions = row.prepare === undefined ? '' : machine.sh(row.prepare).trim();
    const registry = await startRegistry(machine);
    const port = await freePort();
    const knownHostsFile = join(keys, 'known_hosts');
    const signingKeyFile = await makeKey(keys, 'signing_key', 'ed25519');
    const settingsFor = async (user: string, guard: HostSettings['guard']) => {
      const identityFile = await makeKey(keys, `${user}_key`, 'ed25519');
      const plain = { ...settingsOf(port, row), guard };
      const settings = { ...plain, ssh: { ...plain.ssh, user, identityFile } };
      follow(machine, settings, { signingKeyFile, knownHostsFile });
      return row.settings?.(settings) ?? settings;
    };
    const trial = await settingsFor(TRIAL, null);
    const installed = await settingsFor(INSTALLED, { path: GUARD, approverSignature: 'never' });
    if (row.afterSetup !== undefined) machine.sh(row.afterSetup);
    const afterDelay = row.lateMs === undefined ? port : await startLateRelay(port, row.lateMs);
    const { lossPercent } = row;
    const serverPort = lossPercent === undefined ? afterDelay : await startLossyRelay(machine, afterDelay, lossPercent);
    await startServer(
      machine,
      row.server ?? 'openssh',
      { port: serverPort, known: port },
      row.sshd ?? [],
      knownHostsFile,
    );
    if (lossPercent !== undefined) await until('the relay did not start', () => isListening(port));
    await storageUnchanged;
    return {
      ...{ machine, trial, installed, knownHostsFile, signingKeyFile, versions, stop },
      untilHealthy: registry.untilHealthy,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function lowerRootOf({ root = 'here' }: HostRow): string {
  if (root === 'here') return '/';
  return debianRoot(root);
}

/** A machine whose packages were only unpacked might not have them. */
const ACCOUNTS = `
grep -q '^sshd:' /etc/passwd || echo 'sshd:x:900:65534::/run/sshd:/usr/sbin/nologin' >>/etc/passwd
sed -i '/^docker-registry:/d' /etc/passwd /etc/group
echo 'docker-registry:x:${SERVICE.uid}:${SERVICE.gid}::/nonexistent:/usr/sbin/nologin' >>/etc/passwd
echo 'docker-registry:x:${SERVICE.gid}:' >>/etc/group
echo '127.0.0.1 localhost git01' >/etc/hosts
mkdir -p /run/sshd /etc/rd
mkdir -p /var/lib/registry-doctor
mount -t tmpfs -o mode=0700 tmpfs /var/lib/registry-doctor
`;

/** An installed guard takes a directory that the service can write only if it was unchanged for more than a second. */
const UNCHANGED_MS = 2100;

/** The incident: a symlink to a new disk, with two directories above its target closed to the registry. */
const STORAGE = `
mkdir -p /var/opt/gitlab /srv/vol1/ops/disk4t/gitlab-rails/shared/registry
ln -sfn /srv/vol1/ops/disk4t/gitlab-rails /var/opt/gitlab/gitlab-rails
chown -R ${SERVICE.uid}:${SERVICE.gid} /srv/vol1/ops/disk4t/gitlab-rails
chmod 0755 /srv /srv/vol1 /var/opt /var/opt/gitlab
chmod 0750 /srv/vol1/ops
chmod 0700 /srv/vol1/ops/disk4t
`;

async function startRegistry(machine: Machine) {
  const address = `127.0.0.1:${await freePort()}`;
  const debugAddress = `127.0.0.1:${await freePort()}`;
  mkdirSync(join(machine.root, 'etc/docker/registry'), { recursive: true });
  writeFileSync(
    join(machine.root, CONFIG),
    `version: 0.1
log: {level: error}
storage:
  filesystem:
    rootdirectory: /var/opt/gitlab/gitlab-rails/shared/registry
http:
  addr: ${address}
  debug: {addr: ${debugAddress}}
health:
  storagedriver: {enabled: true, interval: 200ms, threshold: 1}
`,
  );
  const program = join(machine.root, 'usr/bin/docker-registry');
  if (!existsSync(program)) copyFileSync('/usr/bin/docker-registry', program);
  machine.start(['/usr/bin/docker-registry', 'serve', CONFIG], SERVICE);
  const status = () => statusOf(`http://${address}/v2/`);
  await until('the registry did not start', async () => (await status()) !== null);
  return {
    untilHealthy: () => until('the registry did not recover', async () => (await status()) === 200),
  };
}

async function statusOf(url: string): Promise<number | null> {
  return await fetch(url).then(
    (answer) => answer.status,
    () => null,
  );
}

async function until(complaint: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await holds()) return;
    await sleep(25);
  }
  throw new Error(complaint);
}

function settingsOf(port: number, row: HostRow): HostSettings {
  return {
    name: HostName.parse('git01'),
    ssh: {
      address: '127.0.0.1',
      port,
      user: TRIAL,
      identityFile: null,
      passphraseFile: null,
      jumps: [],
      sudo: row.withoutSudo !== true,
    },
    guard: null,
    enter: [],
    registry: {
      layout: 'distribution',
      config: HostPath.parse(CONFIG),
      url: null,
      debugUrl: null,
      serviceUser: 'docker-registry',
    },
    watch: null,
    alerts: null,
    policy: policyWith(),
  };
}

/** What `host setup` says has to be typed on the host as root. */
const COMMAND = /^ {3}(useradd|home=|keys=|touch|install -|printf|chown|visudo|rm \/etc|sha256sum) ?/;

/** Follows `host setup` as people do: by pasting what it says for the host. */
function follow(
  machine: Machine,
  host: HostSettings,
  files: { readonly signingKeyFile: string; readonly knownHostsFile: string },
): void {
  const { hostSetup } = wordsFor('en');
  const publicKey = (file: string) => readFileSync(`${file}.pub`, 'utf8').trim();
  const printed = hostSetup.hostSetupText({
    host,
    publicKey: publicKey(host.ssh.identityFile ?? ''),
    signing: { file: files.signingKeyFile, publicKey: publicKey(files.signingKeyFile) },
    program: 'registry-doctor',
    guardDigest: GUARD_DIGEST,
    knownHosts: files.knownHostsFile,
    configFile: '/etc/registry-doctor/config.yml',
    isRoot: false,
  });
  const onHost = printed
    .split(/^\d+\. (?=On git01, as root)/m)
    .slice(1)
    .join('');
  const isThere = machine.sh(`grep -q '^${host.ssh.user}:' /etc/passwd && echo yes || echo no`).trim() === 'yes';
  const commands = onHost
    .split('\n')
    .filter((line) => COMMAND.test(line) && !(isThere && line.startsWith('   useradd')));
  writeFileSync(join(machine.root, 'root/guard'), GUARD_PROGRAM);
  const typed = commands.filter((line) => !line.includes('/PATH/OF/THE/FILE')).join('\n');
  // Both ways are set up here, and each has a file for sudo with the same name.
  machine.sh(`cd /root\n${typed.replaceAll('sudoers.d/registry-doctor', `sudoers.d/${host.ssh.user}`)}`);
}

async function startServer(
  machine: Machine,
  server: SshServer,
  { port, known }: { readonly port: number; readonly known: number },
  config: readonly string[],
  knownHostsFile: string,
): Promise<void> {
  const hostKey = await startOf[server](machine, port, config);
  writeFileSync(knownHostsFile, `[127.0.0.1]:${known} ${hostKey}\n`);
}

const startOf: Record<SshServer, (machine: Machine, port: number, config: readonly string[]) => Promise<string>> = {
  openssh: async (machine, port, config) => {
    const file = '/etc/rd/sshd_config';
    writeFileSync(join(machine.root, file), sshdConfig(port, config));
    // On this machine: the row might have no ssh-keygen.
    await makeKey(join(machine.root, 'etc/rd'), 'host_key', 'ed25519');
    await started(machine, ['/usr/sbin/sshd', '-D', '-e', '-f', file], port);
    return readFileSync(join(machine.root, '/etc/rd/host_key.pub'), 'utf8').trim();
  },
  dropbear: async (machine, port) => {
    const printed = machine.sh('dropbearkey -t ed25519 -f /etc/rd/host_key 2>/dev/null');
    await started(
      machine,
      ['/usr/sbin/dropbear', '-F', '-E', '-r', '/etc/rd/host_key', '-p', `127.0.0.1:${port}`],
      port,
    );
    return keyIn(printed);
  },
  tinyssh: async (machine, port) => {
    machine.sh('/usr/sbin/tinysshd-makekey /etc/rd/keys >/dev/null 2>&1');
    const printed = machine.sh('/usr/sbin/tinysshd-printkey /etc/rd/keys');
    const listen = `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`;
    await started(machine, ['/usr/bin/socat', listen, 'EXEC:/usr/sbin/tinysshd -l /etc/rd/keys'], port);
    return keyIn(printed);
  },
};

function keyIn(printed: string): string {
  return /^ssh-ed25519 \S+/m.exec(printed)?.[0] ?? '';
}

function sshdConfig(port: number, config: readonly string[]): string {
  return [
    ...config,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    'HostKey /etc/rd/host_key',
    'PidFile none',
    'UseDNS no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    '',
  ].join('\n');
}

async function started(machine: Machine, command: readonly string[], port: number): Promise<void> {
  const server = machine.start(command);
  const said: string[] = [];
  server.stderr?.on('data', (chunk) => said.push(String(chunk)));
  const ended = once(server, 'exit').then(() => {
    throw new Error(`the SSH server ended: ${said.join('')}`);
  });
  ended.catch(() => {});
  await Promise.race([ended, until('the SSH server did not start', () => isListening(port))]);
}

async function isListening(port: number): Promise<boolean> {
  const { connect } = await import('node:net');
  const socket = connect(port, '127.0.0.1');
  const heard = await Promise.race([
    once(socket, 'data').then(() => true),
    once(socket, 'close').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return heard;
}
