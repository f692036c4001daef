import { hostFieldMatches } from './host-pattern.ts';

/** One readable line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
export type KnownHostLine = {
  /** Starts at 1. */
  readonly line: number;
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** Patterns with commas between them, or one hashed name. */
  readonly hosts: string;
  readonly keyType: string;
  /** The key in the wire format (RFC 4253, section 6.6). */
  readonly key: Buffer;
};

export type KnownHosts = {
  readonly lines: readonly KnownHostLine[];
  /** Numbers of lines that are not empty, not comments and not readable. They vouch for nothing. */
  readonly malformed: readonly number[];
};

/** What a known_hosts file says about one host. */
export type KnownKeys = {
  readonly trusted: readonly KnownHostLine[];
  readonly revoked: readonly KnownHostLine[];
  /** Lines that trust a certificate authority. ssh2 does not support certificates, so these allow no login. */
  readonly authorities: readonly KnownHostLine[];
};

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const MARKERS = new Map<string, KnownHostLine['marker']>([
  ['@revoked', 'revoked'],
  ['@cert-authority', 'cert-authority'],
]);

/** Reads a complete known_hosts file. Never fails: unreadable lines are counted in `malformed`. */
export function parseKnownHosts(text: string): KnownHosts {
  const lines: KnownHostLine[] = [];
  const malformed: number[] = [];
  for (const [index, content] of text.split('\n').entries()) {
    const fields = content.split(/[ \t\r]+/).filter((field) => field !== '');
    if (fields[0] === undefined || fields[0].startsWith('#')) continue;
    const parsed = parseFields(fields, index + 1);
    if (parsed === null) malformed.push(index + 1);
    else lines.push(parsed);
  }
  return { lines, malformed };
}

/** The lines that cover a host, by the name that {@link knownHostsName} gives it. */
export function keysOf(knownHosts: KnownHosts, name: string): KnownKeys {
  const matching = knownHosts.lines.filter((line) => hostFieldMatches(line.hosts, name));
  return {
    trusted: matching.filter((line) => line.marker === 'none'),
    revoked: matching.filter((line) => line.marker === 'revoked'),
    authorities: matching.filter((line) => line.marker === 'cert-authority'),
  };
}

/** The known_hosts line with these fields. Null: malformed, as a line with an unknown marker is for OpenSSH. */
function parseFields(fields: readonly string[], line: number): KnownHostLine | null {
  const marked = fields[0]?.startsWith('@') ?? false;
  const marker = marked ? MARKERS.get(fields[0] ?? '') : 'none';
  const [hosts, keyType, base64] = marked ? fields.slice(1) : fields;
  if (marker === undefined || hosts === undefined || keyType === undefined || base64 === undefined) return null;
  if (!BASE64.test(base64)) return null;
  const key = Buffer.from(base64, 'base64');
  return keyTypeIn(key) === keyType ? { line, marker, hosts, keyType, key } : null;
}

/**
 * The type that a key in the wire format names itself: a length of four bytes, then that many (RFC 4251, section 5).
 */
export function keyTypeIn(key: Buffer): string | null {
  if (key.length < 4) return null;
  const length = key.readUInt32BE(0);
  if (length === 0 || length > 64 || key.length <= 4 + length) return null;
  const type = key.toString('latin1', 4, 4 + length);
  return /^[a-z0-9@.-]+$/.test(type) ? type : null;
}
