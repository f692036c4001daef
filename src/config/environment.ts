import { z } from 'zod';
import type { CollectorSettings } from '../model/settings/collector-settings.ts';
import type { ConfigProblem, EnvironmentExpectation } from '../model/settings/config-problem.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import type { SlackSettings } from './config.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The Slack credentials. Kept apart from the config, so that logging one never logs the other. */
export type SlackSecrets =
  | { readonly mode: 'socket'; readonly botToken: string; readonly appToken: string; readonly apiUrl: string }
  | { readonly mode: 'http'; readonly botToken: string; readonly signingSecret: string; readonly apiUrl: string };

export type Checked<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] };

/** `LOG_LEVEL`, or the default level. */
export function readLogLevel(environment: Environment, whenNotSet: LogLevel): Checked<LogLevel> {
  return finish(new Reader(environment), (reader) =>
    reader.optional('LOG_LEVEL', z.enum(LOG_LEVELS), { kind: 'one-of', values: LOG_LEVELS }, whenNotSet),
  );
}

/** The tokens for the configured Slack mode, and the Web API's base URL, which ends with a slash. */
export function readSlackSecrets(environment: Environment, mode: SlackSettings['mode']): Checked<SlackSecrets> {
  return finish(new Reader(environment), (reader): SlackSecrets => {
    const botToken = reader.required('SLACK_BOT_TOKEN', BOT_TOKEN, { kind: 'bot-token' });
    const apiUrl = reader.optional('SLACK_API_URL', API_URL, { kind: 'http-url' }, 'https://slack.com/api/');
    if (mode === 'socket') {
      const appToken = reader.required('SLACK_APP_TOKEN', APP_TOKEN, { kind: 'app-token' });
      return { mode, botToken, appToken, apiUrl };
    }
    const signingSecret = reader.required('SLACK_SIGNING_SECRET', SIGNING_SECRET, { kind: 'signing-secret' });
    return { mode, botToken, signingSecret, apiUrl };
  });
}

/** What the environment provides for logging in on hosts. */
export type SshEnvironment = {
  /** SSH_AUTH_SOCK. Null: no agent. */
  readonly agentSocket: string | null;
  /** SSH_KEY_PASSPHRASE, for keys without a passphraseFile of their own. */
  readonly keyPassphrase: string | null;
};

/** The SSH agent's socket is required when a host, or a jump host, has no key file of its own. */
export function readSshEnvironment(environment: Environment, hosts: Iterable<HostSettings>): Checked<SshEnvironment> {
  return finish(new Reader(environment), (reader) => {
    const logins = [...hosts].flatMap(({ ssh }) => [ssh, ...ssh.jumps]);
    const needsAgent = logins.some(({ identityFile }) => identityFile === null);
    const agentSocket = needsAgent
      ? reader.required('SSH_AUTH_SOCK', z.string().startsWith('/'), { kind: 'agent-socket' })
      : environment['SSH_AUTH_SOCK'] || null;
    return { agentSocket, keyPassphrase: environment['SSH_KEY_PASSPHRASE'] || null };
  });
}

/**
 * The collector that OpenTelemetry's own variables name, or null (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). Those for logs
 * alone come first.
 */
export function readCollector(environment: Environment): Checked<CollectorSettings | null> {
  return finish(new Reader(environment), (reader) => {
    const base = reader.optional('OTEL_EXPORTER_OTLP_ENDPOINT', COLLECTOR_URL, { kind: 'http-url' }, '');
    const logs = reader.optional('OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', COLLECTOR_URL, { kind: 'http-url' }, '');
    const own = 'OTEL_EXPORTER_OTLP_LOGS_HEADERS';
    const variable = environment[own] ? own : 'OTEL_EXPORTER_OTLP_HEADERS';
    const headers = reader.optional(variable, HEADERS, { kind: 'otlp-headers' }, '');
    if (logs === '' && base === '') return null;
    return { url: logs || `${base.replace(/\/$/, '')}/v1/logs`, headers: headersIn(headers) ?? {} };
  });
}

/** `key=value,key=value`, each value percent-encoded. Null: it has another form. */
function headersIn(text: string): Readonly<Record<string, string>> | null {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  try {
    const headers = pairs.map((pair): [string, string] => {
      const [key, ...value] = pair.split('=');
      return [(key ?? '').trim(), decodeURIComponent(value.join('=').trim())];
    });
    return pairs.every((pair) => pair.includes('=')) ? Object.fromEntries(new Headers(headers)) : null;
  } catch {
    return null;
  }
}

/** With token rotation, bot tokens start with `xoxe.xoxb-`. */
const BOT_TOKEN = z.string().regex(/^(xoxe\.)?xoxb-[\w-]+$/);
const APP_TOKEN = z.string().regex(/^xapp-[\w-]+$/);
const SIGNING_SECRET = z.string().regex(/^\S{16,}$/);
const API_URL = z.url({ protocol: /^https?$/ }).transform((text) => (text.endsWith('/') ? text : `${text}/`));

const HEADERS = z.string().refine((text) => headersIn(text) !== null);
/** A name and a password in it would be refused by `fetch`. */
const COLLECTOR_URL = z.url({ protocol: /^https?$/ }).refine((text) => !/^[^/]*\/\/[^/]*@/.test(text));

/** Reads variables one by one and collects their problems. An empty variable counts as not set. */
class Reader {
  readonly problems: ConfigProblem[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  required(variable: string, schema: z.ZodType<string>, allowed: EnvironmentExpectation): string {
    if (!this.#environment[variable]) {
      this.problems.push({ kind: 'environment', variable, state: 'missing', allowed });
      return '';
    }
    return this.optional(variable, schema, allowed, '');
  }

  optional<T extends string>(variable: string, schema: z.ZodType<T>, allowed: EnvironmentExpectation, fallback: T): T {
    const value = this.#environment[variable];
    if (!value) return fallback;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    this.problems.push({ kind: 'environment', variable, state: 'invalid', allowed });
    return fallback;
  }
}

function finish<T>(reader: Reader, read: (reader: Reader) => T): Checked<T> {
  const value = read(reader);
  return reader.problems.length === 0 ? { kind: 'ok', value } : { kind: 'problems', problems: reader.problems };
}
