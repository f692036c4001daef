import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

/** Fields that never reach a log, at any of the depths in which our objects carry them. */
const SECRET_FIELDS = [
  'token',
  'botToken',
  'appToken',
  'signingSecret',
  'privateKey',
  'passphrase',
  'password',
  'secret',
  'authorization',
];

/** Slack tokens and private keys, wherever they turn up inside a string. */
const SECRET_TEXT =
  /xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** JSON lines; secrets are replaced both by the name of their field and by their look. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
    hooks: {
      streamWrite: (line: string) => line.replace(SECRET_TEXT, '[redacted]'),
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
