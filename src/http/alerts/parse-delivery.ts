import type { AlertDelivery } from '../../model/record/alert.ts';
import type { AlertKind, AlertSourceSettings } from '../../model/settings/alert-settings.ts';
import { parseGitlab } from './parse-gitlab.ts';
import { parseAlertmanager, parseGrafana } from './parse-group.ts';
import { parseStandard } from './parse-standard.ts';

const PARSERS: Record<AlertKind, (body: unknown, source: AlertSourceSettings) => AlertDelivery | null> = {
  alertmanager: parseAlertmanager,
  grafana: parseGrafana,
  gitlab: parseGitlab,
  'standard-webhooks': parseStandard,
};

/** The alerts in the body of a request. Null: it is not JSON, or not what this kind of source sends. */
export function parseDelivery(body: string, source: AlertSourceSettings): AlertDelivery | null {
  try {
    return PARSERS[source.kind](JSON.parse(body), source);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
