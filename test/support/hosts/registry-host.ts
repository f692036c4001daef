import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { HostPath, textFromBytes } from '../../../src/model/host/host-path.ts';
import type { RegistrySettings } from '../../../src/model/settings/settings.ts';
import { SERVICE_ACCOUNT, startDockerRegistry } from './docker-registry.ts';

/**
 * The incident's host, for real: Debian's docker-registry running as its own user on a storage path that goes through a
 * symlink to "a new disk", where directories above the link's target are closed to it. Needs root and docker-registry.
 *
 * ```
 * ROOT/var/opt/gitlab/gitlab-rails → ROOT/data/vol1/ops/disk4t/gitlab-rails
 *      storage root: …/gitlab-rails/shared/registry
 * ```
 */

/** The directories of the storage path that a test can name or close. Those of the first row are in the config file. */
export type DirectoryRole = 'gitlab' | 'link' | 'shared' | 'registry' | 'vol1' | 'ops' | 'disk4t' | 'target';

/** YAML is Unicode text: only directories behind the link can have names that are not UTF-8. */
export type DirectoryNames = {
  readonly [role in 'gitlab' | 'link' | 'shared' | 'registry']?: string;
} & { readonly [role in 'vol1' | 'ops' | 'disk4t' | 'target']?: string | Uint8Array };

export type RegistryHostOptions = {
  readonly names?: DirectoryNames;
  /** Closed before the registry starts; `ops` and `disk4t` when not given. */
  readonly closed?: readonly DirectoryRole[];
};

export type RegistryHost = {
  /** The scratch directory with everything in it. */
  readonly root: HostPath;
  /** As in the registry's config: through the symlink. */
  readonly storageRoot: HostPath;
  readonly configFile: string;
  readonly url: string;
  readonly debugUrl: string;
  readonly pid: number;
  readonly serviceUser: { readonly name: string; readonly uid: number; readonly gid: number };
  /** The directories closed at the start, by physical path, in the order in which the kernel reaches them. */
  readonly blockers: readonly { readonly path: HostPath; readonly mode: number }[];
  /** Physical path; `link` is the symlink itself. */
  readonly path: (role: DirectoryRole) => HostPath;
  /** The bytes of {@link RegistryHost.path}, for node:fs. */
  readonly bytes: (role: DirectoryRole) => Buffer;
  readonly close: (role: DirectoryRole, mode?: number) => void;
  readonly open: (role: DirectoryRole) => void;
  /** Resolves once `/v2/` answers 503, which takes three failed checks of one second. */
  readonly waitUntilUnwell: () => Promise<void>;
  /** Resolves once `/v2/` answers 200 and `/debug/health` `{}`. */
  readonly waitUntilWell: () => Promise<void>;
  readonly registrySettings: () => RegistrySettings;
  readonly logs: () => string;
  readonly stop: () => Promise<void>;
};

/** A group that the service is not in. It is in Debian's base-passwd, so on every machine. */
const OPERATOR_GID = 37;
const OPEN_MODE = 0o755;
const CLOSED_MODES: { readonly [role in DirectoryRole]?: number } = { ops: 0o750, disk4t: 0o700 };

/** Builds the tree and starts the registry on it. Several can run at once. */
export async function startRegistryHost(options: RegistryHostOptions = {}): Promise<RegistryHost> {
  const service = serviceAccount();
  const tree = makeTree(options.names ?? {}, service);
  const close = (role: DirectoryRole, mode = CLOSED_MODES[role] ?? 0o700) => chmodSync(tree.bytes(role), mode);
  const closed = options.closed ?? ['ops', 'disk4t'];
  for (const role of closed) close(role);
  try {
    const registry = await startDockerRegistry(tree.root, tree.storageRoot);
    const path = (role: DirectoryRole) => HostPath.parse(textFromBytes(tree.bytes(role)));
    return {
      root: HostPath.parse(tree.root),
      storageRoot: HostPath.parse(textFromBytes(Buffer.from(tree.storageRoot))),
      configFile: registry.configFile,
      url: registry.url,
      debugUrl: registry.debugUrl,
      pid: registry.pid,
      serviceUser: service,
      blockers: closed.map((role) => ({ path: path(role), mode: CLOSED_MODES[role] ?? 0o700 })),
      path,
      bytes: tree.bytes,
      close,
      open: (role) => chmodSync(tree.bytes(role), OPEN_MODE),
      waitUntilUnwell: () => registry.waitUntil('unwell', (v2) => v2 === 503),
      waitUntilWell: () => registry.waitUntil('well', (v2, health) => v2 === 200 && health === '{}'),
      registrySettings: () => ({
        layout: 'distribution',
        config: HostPath.parse(registry.configFile),
        url: null,
        debugUrl: null,
        serviceUser: service.name,
      }),
      logs: registry.logs,
      stop: async () => {
        await registry.stop();
        removeTree(tree.root);
      },
    };
  } catch (error) {
    removeTree(tree.root);
    throw error;
  }
}

type ServiceUser = RegistryHost['serviceUser'];

function serviceAccount(): ServiceUser {
  const id = (flag: string) => Number(execFileSync('id', [flag, SERVICE_ACCOUNT], { encoding: 'utf8' }));
  return { name: SERVICE_ACCOUNT, uid: id('-u'), gid: id('-g') };
}

type Tree = {
  readonly root: string;
  readonly storageRoot: string;
  readonly bytes: (role: DirectoryRole) => Buffer;
};

function makeTree(names: DirectoryNames, service: ServiceUser): Tree {
  const root = mkdtempSync('/var/tmp/registry-host-');
  const gitlab = join(root, 'var', 'opt', names.gitlab ?? 'gitlab');
  const link = join(gitlab, names.link ?? 'gitlab-rails');
  const vol1 = join(root, 'data', names.vol1 ?? 'vol1');
  const ops = join(vol1, names.ops ?? 'ops');
  const disk4t = join(ops, names.disk4t ?? 'disk4t');
  const target = join(disk4t, names.target ?? 'gitlab-rails');
  const shared = join(target, names.shared ?? 'shared');
  const registry = join(shared, names.registry ?? 'registry');
  const paths: Record<DirectoryRole, Buffer> = { gitlab, link, vol1, ops, disk4t, target, shared, registry };

  chmodSync(root, OPEN_MODE);
  const outer = ['var', 'var/opt', 'data'].map((name) => join(root, name));
  for (const directory of [...outer, gitlab, vol1, ops, disk4t, target, shared, registry]) {
    mkdirSync(directory);
    chmodSync(directory, OPEN_MODE);
  }
  symlinkSync(target, link);
  chownSync(ops, 0, OPERATOR_GID);
  chownSync(registry, service.uid, service.gid);
  chmodSync(registry, 0o770);
  const storageRoot = join(link, names.shared ?? 'shared', names.registry ?? 'registry').toString();
  return { root, storageRoot, bytes: (role) => paths[role] };
}

function join(parent: string | Buffer, ...names: readonly (string | Uint8Array)[]): Buffer {
  return names.reduce<Buffer>(
    (path, name) => Buffer.concat([path, Buffer.from('/'), typeof name === 'string' ? Buffer.from(name) : name]),
    Buffer.from(parent),
  );
}

function removeTree(root: string): void {
  // Not fs.rmSync: it reads names as UTF-8 and then misses those that are not.
  execFileSync('rm', ['-rf', '--', root]);
}
