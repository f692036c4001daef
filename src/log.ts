import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';

const CENSOR = '[redacted]';

/** Names of fields whose value is secret, in any object: ours, Slack's, an HTTP client's headers, an environment. */
const SECRET_FIELD = /(token|secret|passphrase|password|authorization|cookie|signature|private_?key|response_?url)s?$/i;

/** Secrets that are recognized by their form, anywhere in a text. */
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  // Slack's tokens, with or without rotation.
  [/\b(?:xox[a-z][.-]|xapp-)[A-Za-z0-9.-]+/g, CENSOR],
  // A private key (RFC 7468), also one that is cut off, and one in JSON in a string.
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g, CENSOR],
  // Anyone who knows one of these can write into a channel, or replace the bot in Socket Mode.
  [/\bhooks\.slack\.com\/\S+/g, `hooks.slack.com/${CENSOR}`],
  [/\bticket=[^&\s"]+/g, `ticket=${CENSOR}`],
  // A password in a URL.
  [/:\/\/[^/\s:@]+:[^/\s@]+@/g, `://${CENSOR}@`],
];

export type LogOptions = {
  /** Values that must never be printed, in any field: the secrets of this process. */
  readonly secrets?: readonly string[];
  /** Default: standard output. */
  readonly destination?: DestinationStream;
};

/**
 * JSON lines. Secrets are replaced by the name of their field, by their form, and by their value, at any depth. Each
 * line is parsed again before it is written, so that the content of an error or a foreign object is checked as it would
 * be printed.
 */
export function createLog(level: string, { secrets = [], destination }: LogOptions = {}): Logger {
  const options = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    serializers: { err: stdSerializers.errWithCause, error: stdSerializers.errWithCause },
    hooks: { streamWrite: (line: string) => redactedLine(line, secrets) },
  };
  return destination ? pino(options, destination) : pino(options);
}

function redactedLine(line: string, secrets: readonly string[]): string {
  const parsed: unknown = JSON.parse(line);
  return `${JSON.stringify(redacted(parsed, secrets))}\n`;
}

function redacted(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return redactedText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redacted(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]) => [
    redactedText(name, secrets),
    SECRET_FIELD.test(name) && field !== null ? CENSOR : redacted(field, secrets),
  ]);
  return Object.fromEntries(fields);
}

function redactedText(text: string, secrets: readonly string[]): string {
  const withoutValues = secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, CENSOR), text);
  return SECRET_TEXT.reduce((rest, [pattern, censor]) => rest.replace(pattern, censor), withoutValues);
}
