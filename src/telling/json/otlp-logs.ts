import type { AuditEntry } from '../../model/record/audit.ts';
import { ocsfEvent } from './ocsf-event.ts';

/** OCSF's severity_id → SeverityNumber and its text (https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber). */
const SEVERITY: Readonly<Record<number, readonly [number, string]>> = {
  1: [9, 'INFO'],
  2: [10, 'INFO2'],
  3: [13, 'WARN'],
  4: [17, 'ERROR'],
};

/**
 * Audit entries as the body of an OTLP/HTTP request in JSON, one log record each, in order
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). Its body is the same event as `audit stream` prints.
 */
export function otlpLogs(entries: readonly AuditEntry[], productVersion: string): string {
  const resource = [attribute('service.name', 'registry-doctor'), attribute('service.version', productVersion)];
  const logRecords = entries.map((entry) => logRecord(entry, productVersion));
  const scopeLogs = [{ scope: { name: 'registry-doctor.audit', version: productVersion }, logRecords }];
  return JSON.stringify({ resourceLogs: [{ resource: { attributes: resource }, scopeLogs }] });
}

function logRecord(entry: AuditEntry, productVersion: string): object {
  const event = ocsfEvent(entry, productVersion);
  const [severityNumber, severityText] = SEVERITY[Number(event['severity_id'])] ?? [0, 'UNSPECIFIED'];
  return {
    // A 64-bit number is a decimal string in JSON.
    timeUnixNano: `${Date.parse(entry.at)}000000`,
    ...{ severityNumber, severityText },
    body: { stringValue: JSON.stringify(event) },
    attributes: [
      attribute('event.name', entry.act),
      attribute('registry_doctor.sequence', entry.sequence),
      attribute('registry_doctor.hash', entry.hash),
      ...(entry.incidentId === null ? [] : [attribute('registry_doctor.incident', entry.incidentId)]),
    ],
  };
}

function attribute(key: string, value: string | number): object {
  return { key, value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) } };
}
