import { posix } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type Fact, known, unknown } from '../../../model/fact.ts';
import type { RegistryConfig } from '../../../model/host/facts.ts';
import { HostPath, textFromBytes } from '../../../model/host/host-path.ts';
import type { BareCode } from '../../../model/reason.ts';
import { configuredPaths } from './configured-paths.ts';
import type { Overrides } from './parse-overrides.ts';

/** Keys under `storage:` in distribution's config that are not drivers (configuration.md, "storage"). */
const NOT_A_DRIVER: ReadonlySet<string> = new Set(['cache', 'delete', 'maintenance', 'redirect', 'tag']);
/** The filesystem driver's root if `rootdirectory` is not set (distribution, driver/filesystem). */
const DEFAULT_ROOT = '/var/lib/registry';
/** Limit for the anchors of a config file. More is an attack (billion laughs). */
const MAX_ALIASES = 100;

/** Every scalar is read as text. YAML's other readings of `:5000` or `yes` do not matter here. */
const Mapping = z.record(z.string(), z.unknown());
const ConfigFile = z.object({
  storage: z.union([z.string(), Mapping]).optional(),
  http: z
    .looseObject({ addr: z.string().optional(), debug: z.object({ addr: z.string().optional() }).optional() })
    .optional(),
  health: z.object({ storagedriver: z.object({ enabled: z.string().optional() }).optional() }).optional(),
  auth: z.unknown().optional(),
  database: z.unknown().optional(),
  redis: z.unknown().optional(),
  proxy: z.unknown().optional(),
});
type ConfigFile = z.infer<typeof ConfigFile>;

/**
 * Reads the registry's config file as the registry does: the file, then the overrides of its environment. Unknown if no
 * registry would start with it.
 */
export function parseRegistryConfig(path: HostPath, text: Uint8Array, overrides: Overrides): Fact<RegistryConfig> {
  const file = readFile(text);
  if (typeof file === 'string') return unknown(file);
  const driver = driverOf(file, overrides);
  if (driver === null) return unknown('no-single-driver');
  const override = (name: string) => overrides.get(name) || undefined;
  return known({
    path,
    storageDriver: driver,
    rootDirectory: driver === 'filesystem' ? rootOf(file, overrides) : null,
    httpAddress: override('REGISTRY_HTTP_ADDR') ?? (file.http?.addr || null),
    debugAddress: override('REGISTRY_HTTP_DEBUG_ADDR') ?? (file.http?.debug?.addr || null),
    storageHealthCheck: isTrue(
      override('REGISTRY_HEALTH_STORAGEDRIVER_ENABLED') ?? file.health?.storagedriver?.enabled,
    ),
    readOnlyMaintenance: isTrue(
      override('REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED') ??
        at(file.storage, 'maintenance', 'readonly', 'enabled'),
    ),
    database: isTrue(override('REGISTRY_DATABASE_ENABLED') ?? at(file.database, 'enabled')),
    redis: usesRedis(file.redis),
    pullThrough: Boolean(at(file.proxy, 'remoteurl')),
    tokenCertificate: asPath(
      override('REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE') ?? at(file.auth, 'token', 'rootcertbundle'),
    ),
    paths: configuredPaths((...keys) => at(file, ...keys), overrides),
  });
}

/** The filesystem driver's override. Null if it is not an absolute path. */
export function rootOverride(overrides: Overrides): HostPath | null {
  return asRoot(overrides.get('REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY'));
}

type UnreadableCode = Extract<BareCode, 'not-utf8' | 'not-yaml' | 'not-a-registry-config'>;

/** The parsed file, or why it can't be read. */
function readFile(text: Uint8Array): ConfigFile | UnreadableCode {
  let source: string;
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return 'not-utf8';
  }
  const document = parseDocument(source, { schema: 'failsafe', merge: true, logLevel: 'silent' });
  if (document.errors.length > 0) return 'not-yaml';
  const parsed = ConfigFile.safeParse(contentOf(document));
  return parsed.success ? parsed.data : 'not-a-registry-config';
}

function contentOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    return null;
  }
}

function driverOf(file: ConfigFile, overrides: Overrides): string | null {
  if (typeof file.storage === 'string') return file.storage || null;
  const drivers = Object.keys(file.storage ?? {}).filter((key) => !NOT_A_DRIVER.has(key));
  if (drivers.length === 0 && rootOverride(overrides) !== null) return 'filesystem';
  return drivers.length === 1 ? (drivers[0] ?? null) : null;
}

function rootOf(file: ConfigFile, overrides: Overrides): HostPath | null {
  if (overrides.get('REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY')) return rootOverride(overrides);
  const settings = typeof file.storage === 'string' ? {} : Mapping.safeParse(file.storage?.['filesystem']).data;
  return asRoot(settings?.['rootdirectory'] || DEFAULT_ROOT);
}

/**
 * As the registry resolves it: Go's path.Join combines every path below the root and removes "..", "." and empty names
 * as text, whatever symlinks exist (distribution, driver/filesystem; seen with 2.8.2).
 */
function asRoot(value: unknown): HostPath | null {
  const path = asPath(value);
  if (path === null) return null;
  const clean = posix.normalize(path);
  return HostPath.parse(clean === '/' ? clean : clean.replace(/\/$/, ''));
}

function asPath(value: unknown): HostPath | null {
  if (typeof value !== 'string') return null;
  return HostPath.safeParse(textFromBytes(new TextEncoder().encode(value))).data ?? null;
}

/**
 * One instance (`addr`, in distribution 3 `addrs`), or in GitLab's registry a use of its own that is enabled (`cache`).
 */
function usesRedis(redis: unknown): boolean {
  const uses = Mapping.safeParse(redis).data ?? {};
  if (uses['addr'] || uses['addrs']) return true;
  return Object.values(uses).some((use) => isTrue(at(use, 'enabled')));
}

/** The value at these keys, one below the other. */
function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => {
    const mapping = Mapping.safeParse(inner).data;
    return mapping && Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  }, value);
}

/** Whether a value is true in YAML 1.1, which the registry's parser follows. */
function isTrue(text: unknown): boolean {
  return typeof text === 'string' && /^(y|yes|true|on)$/i.test(text);
}
