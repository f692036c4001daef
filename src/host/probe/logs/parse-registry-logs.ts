import { type Fact, known, unknown } from '../../../model/fact.ts';
import type { RegistryLogs } from '../../../model/host/registry-logs.ts';
import { type LogFile, readLogFiles } from './log-files.ts';
import { LogSummary } from './summary.ts';

/** Parses the section `registry_logs`. Every line of a log is either read or counted as unread. Never throws. */
export function parseRegistryLogs(section: Uint8Array): Fact<RegistryLogs> {
  const { files, told, unread } = readLogFiles(section);
  if (files.length === 0) return told?.state === 'unknown' ? told : unknown('not-told');
  const summary = new LogSummary();
  for (const file of files) summary.add(file);
  const { unreadLines, ...rest } = summary.result();
  return known({
    files: files.map(({ name, bytes, cut }) => ({ name, bytes, cut })),
    countByStatus: countByStatus(files),
    ...rest,
    unreadLines: unreadLines + unread,
  });
}

/** Counts each request once: from the access log, or from the application's own lines in a file without one. */
function countByStatus(files: readonly LogFile[]): RegistryLogs['countByStatus'] {
  const total: RegistryLogs['countByStatus'] = {};
  for (const { counts } of files) {
    const kind = counts.some((count) => count.kind === 'a') ? 'a' : 'p';
    for (const { status, count } of counts.filter((entry) => entry.kind === kind)) {
      total[status] = (total[status] ?? 0) + count;
    }
  }
  return total;
}
