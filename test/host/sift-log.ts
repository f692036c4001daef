import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseRegistryLogs } from '../../src/host/probe/logs/parse-registry-logs.ts';
import type { RegistryLogs } from '../../src/model/host/registry-logs.ts';

const PROGRAM = readFileSync(new URL('../../src/host/scripts/awk/registry-logs.awk', import.meta.url), 'utf8');

export const AWK: readonly string[] = ['awk'];
export const BUSYBOX_AWK: readonly string[] = ['busybox', 'awk'];

/** What the host sends of a whole log. */
export function sifted(log: Uint8Array | string, awk = AWK, mostBytes = 131_072): Buffer {
  return siftedEnd(Buffer.concat([Buffer.from('\n'), Buffer.from(log)]), awk, mostBytes);
}

/** The same of the end of a log, whose first line is not whole. */
export function siftedEnd(end: Uint8Array | string, awk = AWK, mostBytes = 131_072): Buffer {
  const [program = '', ...args] = awk;
  const { stdout, stderr, status } = spawnSync(program, [...args, '-v', `most_bytes=${mostBytes}`, PROGRAM], {
    input: end,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.deepEqual({ status, stderr: stderr.toString() }, { status: 0, stderr: '' });
  return stdout;
}

/** A section as `registry-logs.sh` prints it, of these logs, newest first. */
export function sectionOfLogs(...logs: readonly (Uint8Array | string)[]): Buffer {
  return Buffer.concat(logs.flatMap((log, index) => [Buffer.from(`f n log-${index}\n`), sifted(log)]));
}

/** What the bot reads of these logs, newest first. Nothing in them is recent. */
export function logsFrom(...logs: readonly (Uint8Array | string)[]): RegistryLogs {
  return logsOfSection(sectionOfLogs(...logs), 0);
}

/** What the bot reads of a section of a probe that was taken at this time. */
export function logsOfSection(section: Uint8Array, takenAt: number): RegistryLogs {
  const parsed = parseRegistryLogs(section, takenAt);
  return parsed.state === 'known' ? parsed.value : assert.fail(JSON.stringify(parsed));
}
