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
/** Maximum alias expansions, to stop a billion-laughs file. */
const MAX_ALIASES = 100;

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
 * Reads the registry's config file as the registry does: the file, then the overrides of its environment. Unknown if the
 * file can't be parsed or doesn't name exactly one storage driver.
 */
export function parseRegistryYaml(path: HostPath, text: Uint8Array, overrides: Overrides): Fact<RegistryConfig> {
  // The values are not sent, because they can contain secrets.
  if (overrides.has('REGISTRY_STORAGE') || overrides.has('REGISTRY_STORAGE_FILESYSTEM'))
    return unknown('storage-overridden');
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
        valueAt(file.storage, 'maintenance', 'readonly', 'enabled'),
    ),
    database: isTrue(override('REGISTRY_DATABASE_ENABLED') ?? valueAt(file.database, 'enabled')),
    redis: usesRedis(file.redis),
    pullThrough: Boolean(valueAt(file.proxy, 'remoteurl')),
    tokenCertificate: asPath(
      override('REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE') ?? valueAt(file.auth, 'token', 'rootcertbundle'),
    ),
    paths: configuredPaths((...keys) => valueAt(file, ...keys), overrides),
  });
}

/** The root directory set by REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY. Null if unset or not absolute. */
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
  // failsafe: every scalar stays text; isTrue() interprets booleans.
  const document = parseDocument(source, { schema: 'failsafe', merge: true, logLevel: 'silent' });
  if (document.errors.length > 0) return 'not-yaml';
  const parsed = ConfigFile.safeParse(contentOf(document));
  return parsed.success ? parsed.data : 'not-a-registry-config';
}

/** The document's content. Null if it has too many aliases, which `ConfigFile` then rejects. */
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
 * Normalizes the root as the registry does: Go's path.Join removes "..", "." and empty names as text, whatever symlinks
 * exist (distribution, driver/filesystem; seen with 2.8.2).
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
 * Whether the registry uses redis: it names a server (`addr`, in distribution 3 `addrs`), or, in GitLab's registry, it
 * enables redis for a purpose such as `cache`.
 */
function usesRedis(redis: unknown): boolean {
  const settings = Mapping.safeParse(redis).data ?? {};
  if (settings['addr'] || settings['addrs']) return true;
  return Object.values(settings).some((purpose) => isTrue(valueAt(purpose, 'enabled')));
}

/** The value at a nested key path, or undefined. */
function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => {
    const mapping = Mapping.safeParse(inner).data;
    return mapping && Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  }, value);
}

/** Whether a value is true in YAML 1.1, which the registry's parser follows. */
function isTrue(text: unknown): boolean {
  return typeof text === 'string' && /^(y|yes|true|on)$/i.test(text);
}
