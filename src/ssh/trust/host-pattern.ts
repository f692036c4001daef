import { createHmac } from 'node:crypto';

const SSH_PORT = 22;
const HASHED = /^\|1\|([A-Za-z0-9+/]{27}=)\|([A-Za-z0-9+/]{27}=)$/;

/**
 * How known_hosts names a host: only the address for port 22, otherwise `[address]:port`, in lower case, as OpenSSH
 * searches for it.
 */
export function knownHostsName(address: string, port: number): string {
  const lower = address.toLowerCase();
  return port === SSH_PORT ? lower : `[${lower}]:${port}`;
}

/**
 * Whether the first field of a known_hosts line covers a host. The field is one hashed name, or patterns with `*`, `?`
 * and commas between them. A matching `!pattern` excludes the whole line (sshd(8), ssh_config(5) PATTERNS).
 */
export function hostFieldMatches(field: string, name: string): boolean {
  if (field.startsWith('|')) return hashedNameMatches(field, name);
  return patternListMatches(field.toLowerCase(), name);
}

/** Whether a list of patterns takes a text: one matches it, and none with a `!` does (ssh_config(5), PATTERNS). */
export function patternListMatches(list: string, text: string): boolean {
  const patterns = list.split(',');
  const matches = (pattern: string) => wildcardMatches(pattern, text);
  const ruledOut = patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)));
  return !ruledOut && patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern));
}

/** `|1|salt|HMAC-SHA1(salt, name)`, both in base64 (OpenSSH, hostfile.c). */
function hashedNameMatches(field: string, name: string): boolean {
  const [, salt, mac] = HASHED.exec(field) ?? [];
  if (salt === undefined || mac === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === mac;
}

/** Worst-case time is pattern × text: on a mismatch only the last `*` takes one more character. */
function wildcardMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let starAt = -1;
  let starTook = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      starAt = p;
      starTook = t;
      p += 1;
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
      p += 1;
      t += 1;
    } else if (starAt >= 0) {
      starTook += 1;
      t = starTook;
      p = starAt + 1;
    } else {
      return false;
    }
  }
  return [...pattern.slice(p)].every((rest) => rest === '*');
}
