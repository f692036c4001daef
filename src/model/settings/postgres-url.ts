import { isLoopback } from './loopback.ts';

/** How libpq calls the ways of TLS (postgresql.org/docs/current/libpq-ssl.html). `prefer` and `allow` protect nothing. */
const TLS_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof TLS_MODES)[number];

/** A Postgres database, without its password. */
export type PostgresPlace = {
  /** A name, an IP address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly tls: TlsMode;
  /** The file of the certificates that sign the server's. Null: those that Node trusts. */
  readonly rootCertificate: string | null;
};

const DEFAULT_PORT = 5432;
const KEYS: ReadonlySet<string> = new Set(['sslmode', 'sslrootcert', 'host']);

export function isPostgresUrl(url: string): boolean {
  return /^postgres(?:ql)?:/.test(url);
}

/**
 * Reads `postgres://USER@HOST:PORT/DATABASE?sslmode=…&sslrootcert=…`; with `?host=/DIRECTORY` after `localhost` it is a Unix
 * socket. Over a network, TLS is verified unless the URL says otherwise. Null: in another form, or with a password, which a URL would
 * show to anyone who lists processes and files.
 */
export function parsePostgresUrl(text: string): PostgresPlace | null {
  const url = isPostgresUrl(text) && !/[\p{Cc}\s]/u.test(text) && URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.password !== '' || url.hash !== '') return null;
  const options = url.searchParams;
  if ([...options.keys()].some((key) => !KEYS.has(key) || options.getAll(key).length > 1)) return null;
  const socket = options.get('host');
  if (socket !== null && (url.hostname !== 'localhost' || !socket.startsWith('/'))) return null;
  const host = socket ?? url.hostname.replace(/^\[(.*)\]$/, '$1');
  const tls = tlsMode(options.get('sslmode'), socket !== null || isLoopback(url.hostname));
  const [user, database] = [plainText(url.username), plainText(url.pathname.slice(1))];
  if (host === '' || !user || !database || database.includes('/') || tls === null) return null;
  const rootCertificate = options.get('sslrootcert');
  if (rootCertificate !== null && !rootCertificate.startsWith('/')) return null;
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  return { host, port, user, database, tls, rootCertificate };
}

/** A text in which a URL shows no password, wherever it stands in it: before the last `@`, as an option, or in the form of libpq. */
export function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^/:]*):.*@/s, '$1:…@').replace(/(pass(?:word|wd)?|pwd)(\s*=\s*)[^&\s]+/gi, '$1$2…');
}

/** The URL without its options, for messages. */
export function postgresPlace({ user, host, port, database }: PostgresPlace): string {
  return host.startsWith('/')
    ? `postgres://${user}@${host}:${port}/${database}`
    : `postgres://${user}@${host.includes(':') ? `[${host}]` : host}:${port}/${database}`;
}

function tlsMode(said: string | null, isSameMachine: boolean): TlsMode | null {
  if (said === null) return isSameMachine ? 'disable' : 'verify-full';
  return TLS_MODES.find((mode) => mode === said) ?? null;
}

function plainText(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
