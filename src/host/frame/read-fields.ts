import { MalformedOutput } from './malformed-output.ts';

/** One field of a script's output, in the order in which it was printed. */
export type OutputField = { readonly key: string; readonly value: Uint8Array };

const KEY = /^(0|[1-9][0-9]{0,5}) ([a-z0-9][a-z0-9/=-]{0,63}(?: [a-z]+)?)$/;

/**
 * Parses the output of a script: repeated `NUMBER KEY`, NUL, VALUE, NUL. Text before the first field (a login's
 * greeting) is skipped. Nothing can follow the last one.
 *
 * @throws MalformedOutput unless it is complete: it begins and ends with this nonce, and the numbers have no gap
 */
export function readFields(raw: Uint8Array, expected: { script: string; nonce: string }): readonly OutputField[] {
  const output = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const begin = Buffer.from(`0 registry-doctor/1 ${expected.script}\0${expected.nonce}\0`, 'latin1');
  const start = output.indexOf(begin);
  if (start < 0) throw new MalformedOutput('not-begun');
  const fields: OutputField[] = [];
  let at = start;
  while (at < output.length) {
    const keyEnd = textEnd(output, at);
    const valueEnd = textEnd(output, keyEnd + 1);
    const key = keyOf(output.toString('latin1', at, keyEnd), fields.length);
    fields.push({ key, value: output.subarray(keyEnd + 1, valueEnd) });
    at = valueEnd + 1;
  }
  return withoutFrame(fields, expected.nonce);
}

function textEnd(output: Buffer, from: number): number {
  const end = output.indexOf(0, from);
  if (end < 0) throw new MalformedOutput('cut');
  return end;
}

function keyOf(text: string, expectedNumber: number): string {
  const [, number, key] = KEY.exec(text) ?? [];
  if (key === undefined) throw new MalformedOutput('unreadable', `field ${expectedNumber}`);
  if (Number(number) !== expectedNumber) throw new MalformedOutput('out-of-order', `field ${expectedNumber}`);
  return key;
}

function withoutFrame(fields: readonly OutputField[], nonce: string): readonly OutputField[] {
  const last = fields.at(-1);
  const count = fields.length - 1;
  if (last?.key !== 'end') throw new MalformedOutput('cut');
  if (Buffer.from(last.value).toString('latin1') !== `${nonce} ${count}`) {
    throw new MalformedOutput('not-ended');
  }
  return fields.slice(1, -1);
}
