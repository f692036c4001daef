import { MalformedOutput } from './malformed-output.ts';

/** One record of a script's output, in the order in which it was printed. */
export type HostRecord = { readonly key: string; readonly value: Uint8Array };

const KEY = /^(0|[1-9][0-9]{0,5}) ([a-z0-9][a-z0-9/=-]{0,63}(?: [a-z]+)?)$/;

/**
 * Parses the output of a script: repeated `NUMBER KEY`, NUL, VALUE, NUL. Text before the first record (a login's
 * greeting) is skipped. Nothing can follow the last one.
 *
 * @throws MalformedOutput unless it is complete: it begins and ends with this nonce, and the numbers have no gap
 */
export function readRecords(raw: Uint8Array, expected: { script: string; nonce: string }): readonly HostRecord[] {
  const output = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const begin = Buffer.from(`0 registry-doctor/1 ${expected.script}\0${expected.nonce}\0`, 'latin1');
  const start = output.indexOf(begin);
  if (start < 0) throw new MalformedOutput('not-begun');
  const records: HostRecord[] = [];
  let at = start;
  while (at < output.length) {
    const keyEnd = fieldEnd(output, at);
    const valueEnd = fieldEnd(output, keyEnd + 1);
    const key = keyOf(output.toString('latin1', at, keyEnd), records.length);
    records.push({ key, value: output.subarray(keyEnd + 1, valueEnd) });
    at = valueEnd + 1;
  }
  return withoutFrame(records, expected.nonce);
}

function fieldEnd(output: Buffer, from: number): number {
  const end = output.indexOf(0, from);
  if (end < 0) throw new MalformedOutput('cut');
  return end;
}

function keyOf(field: string, expectedNumber: number): string {
  const [, number, key] = KEY.exec(field) ?? [];
  if (key === undefined) throw new MalformedOutput('unreadable', `record ${expectedNumber}`);
  if (Number(number) !== expectedNumber) throw new MalformedOutput('out-of-order', `record ${expectedNumber}`);
  return key;
}

function withoutFrame(records: readonly HostRecord[], nonce: string): readonly HostRecord[] {
  const last = records.at(-1);
  const count = records.length - 1;
  if (last?.key !== 'end') throw new MalformedOutput('cut');
  if (Buffer.from(last.value).toString('latin1') !== `${nonce} ${count}`) {
    throw new MalformedOutput('not-ended');
  }
  return records.slice(1, -1);
}
