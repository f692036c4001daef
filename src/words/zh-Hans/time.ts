import { grouped } from '../moment.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time in the unit that a person would use: `0.4 秒`, `12 秒`, `4 分钟`, `2 小时 5 分钟`. */
export function duration(ms: number): string {
  if (ms < 10 * SECOND_MS) return `${(Math.max(ms, 0) / SECOND_MS).toFixed(1)} 秒`;
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} 秒`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} 分钟`;
  if (ms < DAY_MS) return twoUnits(ms, HOUR_MS, '小时', MINUTE_MS, '分钟');
  return twoUnits(ms, DAY_MS, '天', HOUR_MS, '小时');
}

function twoUnits(ms: number, bigMs: number, big: string, smallMs: number, small: string): string {
  const bigWords = `${grouped(Math.floor(ms / bigMs))} ${big}`;
  const smallAmount = Math.floor((ms % bigMs) / smallMs);
  return smallAmount === 0 ? bigWords : `${bigWords} ${smallAmount} ${small}`;
}
