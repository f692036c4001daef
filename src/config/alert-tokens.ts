import { readFileSync } from 'node:fs';
import type { AlertSourceName } from '../model/record/alert.ts';
import type { AlertSettings, AlertSourceSettings } from '../model/settings/alert-settings.ts';
import type { AlertTokenExpectation, ConfigProblem } from '../model/settings/config-problem.ts';
import { systemProblem } from '../model/system-problem.ts';
import type { Checked, Environment } from './environment.ts';

/** The token or secret of each source. Kept apart from the settings, so that logging those never logs one. */
export type AlertTokens = ReadonlyMap<AlertSourceName, string>;

const BEARER = /^[\x21-\x7e]{16,512}$/;

/**
 * Reads each source's token from its file or, without a file, from the environment: `ALERT_TOKEN_PROMETHEUS` for the
 * source `prometheus`.
 */
export function readAlertTokens(environment: Environment, settings: AlertSettings | null): Checked<AlertTokens> {
  const tokens = new Map<AlertSourceName, string>();
  const problems: ConfigProblem[] = [];
  for (const source of settings?.sources ?? []) {
    const read = source.tokenFile === null ? fromEnvironment(environment, source) : fromFile(source.tokenFile, source);
    if (typeof read === 'string') tokens.set(source.name, read);
    else problems.push(read);
  }
  return problems.length === 0 ? { kind: 'ok', value: tokens } : { kind: 'problems', problems };
}

function fromEnvironment(environment: Environment, source: AlertSourceSettings): string | ConfigProblem {
  const variable = tokenVariable(source.name);
  const allowed = expectationOf(source);
  const value = environment[variable]?.trim();
  if (!value) return { kind: 'environment', variable, state: 'missing', allowed };
  return isValid(value, source) ? value : { kind: 'environment', variable, state: 'invalid', allowed };
}

function fromFile(file: string, source: AlertSourceSettings): string | ConfigProblem {
  try {
    const value = readFileSync(file, 'utf8').trim();
    return isValid(value, source) ? value : { kind: 'alert-token', file, allowed: expectationOf(source) };
  } catch (error) {
    return { kind: 'alert-token-unreadable', file, why: systemProblem(error) };
  }
}

/** The environment variable of a source. Sources whose names give the same variable share its token. */
function tokenVariable(name: AlertSourceName): string {
  return `ALERT_TOKEN_${name.toUpperCase().replaceAll('-', '_')}`;
}

function expectationOf({ kind }: AlertSourceSettings): AlertTokenExpectation {
  return { kind: kind === 'standard-webhooks' ? 'webhook-secret' : 'alert-token' };
}

function isValid(value: string, { kind }: AlertSourceSettings): boolean {
  return kind === 'standard-webhooks' ? isWebhookSecret(value) : BEARER.test(value);
}

/** Whether this is a secret by the specification: 24 to 64 bytes in Base64, with or without `whsec_` before them. */
function isWebhookSecret(value: string): boolean {
  const base64 = value.replace(/^whsec_/, '');
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === base64;
}
