import { HostPath } from '../../model/host-path.ts';
import type { LogComplaint } from '../../model/registry-logs.ts';

/** The words of errno(3), as Go says them; always the last of a line. Stale NFS handles are told in two ways. */
const ERRORS: readonly (readonly [LogComplaint, RegExp])[] = [
  ['permission-denied', /: permission denied$/],
  ['read-only-filesystem', /: read-only file system$/],
  ['no-space', /: (no space left on device|disk quota exceeded)$/],
  ['not-permitted', /: operation not permitted$/],
  ['not-a-directory', /: (not a directory|too many levels of symbolic links)$/],
  ['stale-handle', /: stale (NFS )?file handle$/i],
  ['io-error', /: input\/output error$/],
];

/** distribution's filesystem driver puts its name before what the kernel said (driver.Error, storagedriver.go). */
const FILESYSTEM_DRIVER = /(?:^|: )filesystem: [a-z]+ \//;
/** A failed system call, as Go's os.PathError puts it. */
const SYSTEM_CALL =
  /(?:^|[ :])(?:l?stat|open(?:at)?|mkdir(?:at)?|unlink(?:at)?|rename|write|read|readdirent|chmod|remove|link|truncate|f?sync|close) (\/.*?): [^:]+$/;

/**
 * What is not a matter of the storage directory, by words seen from distribution 2.8 (token.go, redis.go, registry.go) and
 * GitLab's registry (handlers/app.go, datastore). The order decides where words of two kinds meet.
 */
const OTHERS: readonly (readonly [LogComplaint, RegExp])[] = [
  ['port-taken', /: bind: address already in use$/],
  [
    'token-time',
    /^(failed to verify token: )?token not to be used (before|after) |token (is expired|not valid yet|issued in the future)/,
  ],
  [
    'token-certificate',
    /^(failed to verify token: )?(token signed by untrusted key|unable to verify certificate chain)|token auth(.*) root certificate/,
  ],
  [
    'lock-file',
    /could not check if (filesystem|database) metadata is locked|failed to mark filesystem|registry (filesystem metadata|metadata database) in use, please|lock-?files? (exists|present)/,
  ],
  [
    'database',
    /SQLSTATE|failed to connect to `|\.s\.PGSQL\.\d|pending database migrations|database (connections?|version|recovery status|system is|migrations status|is in read-only mode)|connect to database|\bdatabase\b.*(connection refused|no such host|i\/o timeout)/,
  ],
  ['redis', /\bredis\b/i],
  [
    'object-storage',
    /\b(s3aws|s3|azure|gcs|swift|oss|cos): |NoSuchBucket|InvalidAccessKeyId|SignatureDoesNotMatch|RequestTimeTooSkewed|NoCredentialProviders|AuthorizationFailure|googleapi: /,
  ],
];

const LAST_RESORTS: readonly (readonly [LogComplaint, RegExp])[] = [
  ['health-check-failed', /health check/],
  [
    'bad-config',
    /^configuration error: |^panic: (StorageDriver not registered|unable to configure|no storage configuration)|error parsing .*(yaml|unsupported version)|configuring application: /,
  ],
];

/** What the registry complains about in these words of its own; null when they are no complaint that is known. */
export function complaintOf(words: string): LogComplaint | null {
  // The rest of such a line is what a client called itself.
  if (words.startsWith('error authenticating user')) return null;
  if (FILESYSTEM_DRIVER.test(words)) return firstOf(ERRORS, words) ?? firstOf(LAST_RESORTS, words);
  return (
    firstOf(OTHERS, words) ?? (SYSTEM_CALL.test(words) ? firstOf(ERRORS, words) : null) ?? firstOf(LAST_RESORTS, words)
  );
}

/** The path of the system call that failed, where the words name one. */
export function pathIn(words: string): HostPath | null {
  return HostPath.safeParse(SYSTEM_CALL.exec(words)?.[1]).data ?? null;
}

function firstOf(table: readonly (readonly [LogComplaint, RegExp])[], words: string): LogComplaint | null {
  return table.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
}
