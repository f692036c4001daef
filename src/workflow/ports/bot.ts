import type { CounterName, GaugeName, HistogramName, MetricLabels } from '../../model/metric.ts';

/** What every workflow needs of the machine that it runs on. */

export interface Clock {
  now(): Date;
  /** Resolves after the time, or early (without error) if the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What the bot tells monitoring about itself. model/metric.ts lists everything that can be told. */
export interface Metrics {
  count<N extends CounterName>(name: N, labels: MetricLabels<N>): void;
  measure<N extends HistogramName>(name: N, labels: MetricLabels<N>, seconds: number): void;
  /** `null`: the value is not known, and nothing is told until it is. */
  set<N extends GaugeName>(name: N, labels: MetricLabels<N>, value: number | null): void;
}

/** pino's shape, as far as the workflows use it. */
export interface Log {
  child(bindings: Record<string, unknown>): Log;
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}
