import { HostPath } from '../../../model/host/host-path.ts';
import type { LogComplaint } from '../../../model/host/registry-logs.ts';

/**
 * The words of errno(3), as Go says them, and as runit does (error_str.c); always the last of a line. Stale NFS handles are told
 * in two ways.
 */
const ERRORS: readonly (readonly [LogComplaint, RegExp])[] = [
  ['permission-denied', /: (permission|access) denied$/],
  ['read-only-filesystem', /: read-only file system$/],
  ['no-space', /: (no space left on device|disk quota exceeded|out of disk space)$/],
  ['not-permitted', /: operation not permitted$/],
  ['not-a-directory', /: (not a directory|too many levels of symbolic links)$/],
  ['stale-handle', /: stale (NFS )?file handle$/i],
  ['io-error', /: input\/output error$/],
  ['is-a-directory', /: is a directory$/],
  ['missing-file', /: (no such file or directory|file does not exist)$/],
];

/** distribution's filesystem driver puts its name before what the kernel said (driver.Error, storagedriver.go). */
const FILESYSTEM_DRIVER = /(?:^|: )filesystem: [a-z]+ \//;
/** What runsv(8) and svlogd(8) could not do, with the path. */
const SUPERVISOR_CALL = /\bunable to [a-z ./]{1,60}: (\/.*?): [^:]+$/;
/** A socket's own file, as Go's net.OpError puts it. */
const SOCKET_CALL = /\blisten unix (\/.*?): bind: [^:]+$/;
/** A failed system call, as Go's os.PathError puts it. */
const SYSTEM_CALL =
  /(?:^|[ :])(?:l?stat|open(?:at)?|mkdir(?:at)?|unlink(?:at)?|rename|write|read|readdirent|chmod|remove|link|truncate|f?sync|close) (\/.*?): [^:]+$/;

const CALLS: readonly RegExp[] = [SYSTEM_CALL, SUPERVISOR_CALL, SOCKET_CALL];

/**
 * What is not a matter of the storage directory, by words seen from distribution 2.8 (token.go, redis.go, registry.go) and
 * GitLab's registry (handlers/app.go, datastore). The order decides where words of two kinds meet.
 */
const OTHERS: readonly (readonly [LogComplaint, RegExp])[] = [
  ['port-taken', /: bind: address already in use$/],
  ['address-unavailable', /: bind: cannot assign requested address$/],
  ['port-not-permitted', /\blisten (tcp|udp)[46]? .*: bind: permission denied$/],
  ['out-of-memory', /^fatal error: .*(out of memory|cannot allocate memory|failed to reserve page summary memory)/],
  [
    'token-time',
    /^(failed to verify token: )?token not to be used (before|after) |token (is expired|not valid yet|issued in the future)/,
  ],
  [
    'token-certificate',
    /^(failed to verify token: )?(token signed by untrusted key|unable to verify certificate chain)/,
  ],
  [
    'lock-file',
    /could not check if (filesystem|database) metadata is locked|failed to mark filesystem|registry (filesystem metadata|metadata database) in use, please|lock-?files? (exists|present)/,
  ],
  [
    'database',
    /SQLSTATE|failed to connect to `|\.s\.PGSQL\.\d|pending database migrations|database (connections?|version|recovery status|system is|migrations status|is in read-only mode)|connect to database|\bdatabase\b.*(connection refused|no such host|i\/o timeout)/,
  ],
  ['bad-config', /^panic: redis configuration required/],
  ['redis-refuses', /\b(MISCONF Redis|OOM command not allowed|READONLY You can't write|NOAUTH |WRONGPASS |NOPERM )/],
  ['redis', /\bredis\b/i],
  [
    'object-storage',
    /\b(s3aws|s3|azure|gcs|swift|oss|cos): |NoSuchBucket|InvalidAccessKeyId|SignatureDoesNotMatch|RequestTimeTooSkewed|NoCredentialProviders|AuthorizationFailure|googleapi: /,
  ],
  // A pull-through cache asks its upstream at the start and for each image (proxy/proxyauth.go, proxyregistry.go).
  ['upstream', /^(panic: |response completed with error: )(Get|Head) "https?:\/\/[^"]*": /],
];

const LAST_RESORTS: readonly (readonly [LogComplaint, RegExp])[] = [
  ['health-check-failed', /health check/],
  [
    'bad-config',
    /^configuration error: |^panic: (StorageDriver not registered|unable to configure|no storage configuration|multiple storage drivers|no [a-z]+ parameter|invalid [a-z]+ (provided|parameter)|[a-z]+ config error|redis configuration required|parse ")|error parsing .*(yaml|unsupported version)|configuring application: |^listen tcp[46]?: (address|lookup) |^unknown address type /,
  ],
];

/** What the registry complains about in these words of its own; null when they are no complaint that is known. */
export function complaintOf(words: string): LogComplaint | null {
  // The rest of such a line is what a client called itself.
  if (words.startsWith('error authenticating user')) return null;
  if (FILESYSTEM_DRIVER.test(words)) return firstOf(ERRORS, words) ?? firstOf(LAST_RESORTS, words);
  return (
    firstOf(OTHERS, words) ??
    (CALLS.some((pattern) => pattern.test(words)) ? firstOf(ERRORS, words) : null) ??
    firstOf(LAST_RESORTS, words)
  );
}

/** The path of the system call that failed, where the words name one. */
export function pathIn(words: string): HostPath | null {
  for (const pattern of CALLS) {
    const path = HostPath.safeParse(pattern.exec(words)?.[1]).data;
    if (path !== undefined) return path;
  }
  return null;
}

function firstOf(table: readonly (readonly [LogComplaint, RegExp])[], words: string): LogComplaint | null {
  return table.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
}
