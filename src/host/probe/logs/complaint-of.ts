import { HostPath } from '../../../model/host/host-path.ts';
import type { LogComplaint } from '../../../model/host/registry-logs.ts';

/**
 * The texts of errno(3), in Go's wording and in runit's (error_str.c), always at the end of a line. Stale NFS handles
 * have two wordings.
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

/** distribution's filesystem driver puts its name before the kernel's error (driver.Error, storagedriver.go). */
const FILESYSTEM_DRIVER = /(?:^|: )filesystem: [a-z]+ \//;
/** What runsv(8) and svlogd(8) failed to do, with the path. */
const SUPERVISOR_CALL = /\bunable to [a-z ./]{1,60}: (\/.*?): [^:]+$/;
/** The file of a socket, in the form of Go's net.OpError. */
const SOCKET_CALL = /\blisten unix (\/.*?): bind: [^:]+$/;
/** A failed system call, in the form of Go's os.PathError. */
const SYSTEM_CALL =
  /(?:^|[ :])(?:l?stat|open(?:at)?|mkdir(?:at)?|unlink(?:at)?|rename|write|read|readdirent|chmod|remove|link|truncate|f?sync|close) (\/.*?): [^:]+$/;

const CALLS: readonly RegExp[] = [SYSTEM_CALL, SUPERVISOR_CALL, SOCKET_CALL];

/**
 * Errors that are not about the storage directory, by their wording in distribution 2.8 (token.go, redis.go,
 * registry.go) and GitLab's registry (handlers/app.go, datastore). The order decides if a line matches two kinds.
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

/** The kind of complaint in the registry's own wording. Null if it is not a known complaint. */
export function complaintOf(words: string): LogComplaint | null {
  // The rest of such a line is a name that a client chose.
  if (words.startsWith('error authenticating user')) return null;
  if (FILESYSTEM_DRIVER.test(words)) return firstOf(ERRORS, words) ?? firstOf(LAST_RESORTS, words);
  return (
    firstOf(OTHERS, words) ??
    (CALLS.some((pattern) => pattern.test(words)) ? firstOf(ERRORS, words) : null) ??
    firstOf(LAST_RESORTS, words)
  );
}

/** The path of the failed system call, if the message names one. */
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
