import type { z } from 'zod';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import {
  type AclEntry,
  Facts,
  type Identity,
  type MountEntry,
  PathNode,
  PresentNode,
  type ServiceProcess,
  type TryResult,
} from '../../../src/model/host/facts.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import type { Reason } from '../../../src/model/reason.ts';
import { contentsOf } from './contents-builder.ts';
import { mountSetupOf } from './mount-setup.ts';

/** The identity of most facts made here: uid 993, gid 993, no other groups, no capabilities. */
export const REGISTRY: Identity = {
  user: 'registry',
  uid: 993,
  gid: 993,
  groups: [],
  dacOverride: false,
  dacReadSearch: false,
};

export const ALLOWED: TryResult = { result: 'allowed' };
export const DENIED: TryResult = { result: 'denied' };

/** Ids of the names that tests can use in `user:group`. */
const IDS: Record<string, number> = { root: 0, registry: 993, git: 998, ops: 1500, alice: 1000 };

const HEALTH_URL = 'http://127.0.0.1:5001/debug/health';
const V2_URL = 'http://127.0.0.1:5000/v2/';

/** A disk of 1 TiB that is half full. */
const ROOM_ENOUGH = { sizeBytes: 2 ** 40, availableBytes: 2 ** 39, inodes: 60_000_000, availableInodes: 50_000_000 };

/** The registry's answers with a readable storage root. */
export const WELL = {
  v2: known({ url: V2_URL, status: 200, body: '{}' }),
  health: known({ url: HEALTH_URL, status: 200, body: '{}' }),
};

/** The registry's exact answers when stat(2) of its storage root gives EACCES. */
export function unwell(storageRoot: string) {
  const detail = 'health check failed: please see /debug/health';
  const v2 = { errors: [{ code: 'UNAVAILABLE', message: 'service unavailable', detail }] };
  const health = { storagedriver_filesystem: `filesystem: stat ${storageRoot}: permission denied` };
  return {
    v2: known({ url: V2_URL, status: 503, body: `${JSON.stringify(v2)}\n` }),
    health: known({ url: HEALTH_URL, status: 503, body: JSON.stringify(health) }),
  };
}

/** The default for facts that a test does not set. */
const NOT_LOOKED = unknown('not-looked-at');

/** A path, branded. */
export function hostPath(path: string): HostPath {
  return HostPath.parse(path);
}

/** A directory; `owners` is `user:group`, by the names in this file or as numbers. */
export function dir(path: string, mode = '0755', owners = 'root:root', acl: AclEntry[] = []): PresentNode {
  return present(path, { kind: 'directory', target: null, mode, owners, acl });
}

export function link(path: string, target: string): PresentNode {
  return present(path, { kind: 'symlink', target, mode: '0777', owners: 'root:root', acl: [] });
}

export function file(path: string, mode = '0644', owners = 'root:root'): PresentNode {
  return present(path, { kind: 'file', target: null, mode, owners, acl: [] });
}

export function missing(path: string): PathNode {
  return PathNode.parse({ state: 'missing', path });
}

export function unseen(path: string, why: Reason = { code: 'not-permitted' }): PathNode {
  return PathNode.parse({ state: 'unseen', path, why });
}

/** A mount as older probes reported it, with optional further fields. */
export function mountOf(of: Partial<MountEntry> & { mountPoint: HostPath }): MountEntry {
  return {
    filesystem: 'ext4',
    source: '/dev/sda1',
    options: ['rw'],
    id: null,
    parent: null,
    device: null,
    root: null,
    ...of,
  };
}

/** The live registry in the probe's mount namespace, changed as given. */
export function processOf(of: Partial<ServiceProcess> = {}): ServiceProcess {
  return {
    pid: 4711,
    command: 'registry serve',
    identity: REGISTRY,
    mountNamespace: 'same',
    userNamespace: 'same',
    startedAt: known(1_759_998_010),
    mounts: absent,
    ...of,
  };
}

/** `user::rwx`, `user:993:r-x`, `mask::r-x`, as `getfacl -n` prints them. */
export function acl(...entries: string[]): AclEntry[] {
  return entries.map((text) => {
    const [tag, id, permissions] = text.split(':');
    if (tag !== 'user' && tag !== 'group' && tag !== 'mask' && tag !== 'other')
      throw new Error(`no ACL entry: ${text}`);
    return { tag, id: id ? Number(id) : null, permissions: permissions ?? '---' };
  });
}

export type FactsOptions = Partial<Omit<z.input<typeof Facts>, 'storageRoot' | 'nodes' | 'host'>> & {
  host?: string;
  /** The path in the registry's config. */
  storageRoot?: string;
  /** In the kernel's order. Missing ancestors are added as `0755 root:root`. */
  nodes?: PathNode[];
  /** Of the process, the account and the tests. */
  identity?: Identity;
  /** Directories that the kernel denied to the identity in a test. All others were allowed. */
  closed?: string[];
};

/**
 * Valid facts of a host with a healthy registry, changed as given. With `closed` directories the tests of the whole
 * path are denied and the registry says 503, as it would.
 */
export function factsOf(options: FactsOptions = {}): Facts {
  const { host = 'git01', storageRoot = '/var/lib/registry', identity = REGISTRY, closed = [], ...overrides } = options;
  const nodes = withAncestors(options.nodes ?? [dir(storageRoot, '0770', 'registry:registry')]);
  const whole = known(closed.length > 0 ? DENIED : ALLOWED);
  return Facts.parse({
    version: 1,
    hostname: host,
    takenAt: 1_760_000_000,
    bootId: known('6e2f5c1e-5f0b-4f53-9a3c-2b6a5a0f7f11'),
    bootedAt: known(1_759_998_000),
    uptimeSeconds: NOT_LOOKED,
    probe: { user: 'root', uid: 0, scriptMs: 40 },
    config: known({
      path: '/etc/docker/registry/config.yml',
      storageDriver: 'filesystem',
      rootDirectory: storageRoot,
      httpAddress: '127.0.0.1:5000',
      debugAddress: '127.0.0.1:5001',
      storageHealthCheck: true,
    }),
    configFile: NOT_LOOKED,
    process: known({
      pid: 4711,
      command: 'registry serve',
      identity,
      mountNamespace: 'same',
      startedAt: NOT_LOOKED,
      mounts: NOT_LOOKED,
    }),
    account: known(identity),
    aclTools: known(true),
    triedAs: known(identity),
    searchTries: triesAt(nodes, closed),
    rootTries: { stat: whole, list: whole, create: whole },
    contents: known(contentsOf({}, storageRoot)),
    listed: NOT_LOOKED,
    imageLinks: NOT_LOOKED,
    mounts: known([{ mountPoint: '/', filesystem: 'ext4', source: '/dev/sda1', options: ['rw', 'relatime'] }]),
    diskSpace: known(ROOM_ENOUGH),
    mountSetup: mountSetupOf(),
    security: NOT_LOOKED,
    service: NOT_LOOKED,
    logs: NOT_LOOKED,
    history: NOT_LOOKED,
    clockAheadSeconds: NOT_LOOKED,
    ...(closed.length > 0 ? unwell(storageRoot) : WELL),
    ...overrides,
    host,
    storageRoot: known(storageRoot),
    nodes,
  });
}

/** The same facts from a probe without root and without tests. */
export function withoutTries(facts: Facts): Facts {
  const why = unknown('not-permitted');
  return { ...facts, triedAs: absent, searchTries: [], rootTries: { stat: why, list: why, create: why } };
}

function present(
  path: string,
  of: { kind: PresentNode['kind']; target: string | null; mode: string; owners: string; acl: AclEntry[] },
): PresentNode {
  const [owner = 'root', group = 'root'] = of.owners.split(':');
  return PresentNode.parse({
    state: 'present',
    path,
    kind: of.kind,
    target: of.target,
    mode: of.mode,
    uid: IDS[owner] ?? Number(owner),
    gid: IDS[group] ?? Number(group),
    owner,
    group,
    device: '2049',
    inode: inodeFor(path),
    changedAt: 1_759_998_060,
    modifiedAt: NOT_LOOKED,
    bornAt: known(1_700_000_000),
    acl: known(of.acl),
    immutable: NOT_LOOKED,
    appendOnly: NOT_LOOKED,
  });
}

/** A number that stays the same for a path, and differs between paths in practice (FNV-1a). */
function inodeFor(path: string): string {
  let hash = 0x811c9dc5;
  for (const char of path) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return String(hash);
}

function withAncestors(nodes: readonly PathNode[]): PathNode[] {
  const all = new Map<string, PathNode>();
  const named = new Map(nodes.map((node) => [String(node.path), node]));
  for (const node of nodes) {
    for (const path of ancestorsOf(node.path)) all.set(path, all.get(path) ?? named.get(path) ?? dir(path));
    all.set(node.path, node);
  }
  return [...all.values()];
}

function ancestorsOf(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((_, index) => `/${names.slice(0, index).join('/')}`);
}

function triesAt(nodes: readonly PathNode[], closed: readonly string[]): Facts['searchTries'] {
  const directories = nodes.filter((node) => node.state === 'present' && node.kind === 'directory');
  return directories.map(({ path }) => ({ path, answer: closed.includes(path) ? DENIED : ALLOWED }));
}
