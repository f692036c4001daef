import { type Fact, known, unknown } from '../../../model/fact.ts';
import type { RegistryLogs } from '../../../model/host/registry-logs.ts';
import { countedKind, type LogFile, readLogFiles } from './log-files.ts';
import { requestMinutes } from './request-minutes.ts';
import { LogSummary } from './summary.ts';

/**
 * Parses the section `registry_logs` of a probe that the host dates `takenAt`. Every line of a log is either read or
 * counted as unread. Never throws.
 */
export function parseRegistryLogs(section: Uint8Array, takenAt: number): Fact<RegistryLogs> {
  const { files, told, unread } = readLogFiles(section);
  if (files.length === 0) return told?.state === 'unknown' ? told : unknown('not-told');
  const summary = new LogSummary();
  for (const file of files) summary.add(file);
  const { unreadLines, ...rest } = summary.result();
  return known({
    files: files.map(({ name, bytes, cut }) => ({ name, bytes, cut })),
    countByStatus: countByStatus(files),
    requestMinutes: requestMinutes(files, takenAt),
    ...rest,
    unreadLines: unreadLines + unread,
  });
}

/** Counts each request once: from the access log, or from the application's own lines in a file without one. */
function countByStatus(files: readonly LogFile[]): RegistryLogs['countByStatus'] {
  const total: RegistryLogs['countByStatus'] = {};
  for (const file of files) {
    for (const { status, count } of file.counts.filter(({ kind }) => kind === countedKind(file))) {
      total[status] = (total[status] ?? 0) + count;
    }
  }
  return total;
}
