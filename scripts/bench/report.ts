import { median, percentile } from './statistics.ts';

/** A number that the project aims at, and this run's result. It is printed, never asserted. */
export type Aim = {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  readonly direction: 'at most' | 'at least';
  readonly unit: 'ms' | '×' | 'calls' | '% of a core' | 'MiB' | 'a second' | 'alerts' | 'messages';
};

export function printHeading(text: string): void {
  console.log(`\n${text}`);
}

/** One line of a table: p50 and p99, and by how much its p50 is above that of `base`. */
export function printSamples(name: string, samples: readonly number[], base?: readonly number[]): void {
  const added = base === undefined ? '' : `  added ${format(median(samples) - median(base), 'ms')}`;
  const times = `p50 ${format(median(samples), 'ms')}  p99 ${format(percentile(samples, 0.99), 'ms')}`;
  console.log(`  ${name.padEnd(44)} ${times}${added}`);
}

export function printNote(text: string): void {
  console.log(`  ${text}`);
}

export function printAims(aims: readonly Aim[]): void {
  printHeading('Aims');
  for (const { what, measured, limit, direction, unit } of aims) {
    const reached = direction === 'at most' ? measured <= limit : measured >= limit;
    const aim = `${direction} ${format(limit, unit).trim()}`;
    console.log(`  ${reached ? 'reached' : 'MISSED '}  ${format(measured, unit)}  ${aim.padEnd(16)} ${what}`);
  }
}

function format(value: number, unit: Aim['unit']): string {
  const digits = unit === '×' ? 2 : value < 10 ? 1 : 0;
  return `${value.toFixed(digits).padStart(7)} ${unit}`;
}
