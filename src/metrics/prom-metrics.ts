import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricEntry, type MetricName } from '../model/metric.ts';
import type { Metrics } from '../workflow/ports/bot.ts';

/**
 * Node's gauges whose names end as only a counter's may (prometheus.io/docs/practices/naming). `promtool check metrics`
 * refuses them.
 */
const MISNAMED = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total'];

export type MetricsPage = Metrics & {
  readonly contentType: string;
  /** All metrics in the text format that Prometheus reads. */
  text(): Promise<string>;
};

type Observed = Readonly<Record<string, string>>;
type Instrument = { observe(labels: Observed, value: number): void; forget(labels: Observed): void };

/** prom-client's own 10 ms wakes an idle bot 100 times a second. The delays of the event loop that are reported contain it. */
const LOOP_CHECKED_EVERY_MS = 50;

/** The {@link Metrics} of prom-client: those listed in model/metric.ts, and Node's own about its process. */
export function promMetrics(): MetricsPage {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_CHECKED_EVERY_MS });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const instruments = new Map<MetricName, Instrument>();
  for (const name of metricNames()) instruments.set(name, instrumentOf(METRICS[name], registry));
  const observe = (name: MetricName, labels: Observed, value: number) => instruments.get(name)?.observe(labels, value);
  return {
    count: (name, labels) => observe(name, labels, 1),
    measure: observe,
    set: (name, labels, value) => {
      if (value === null) instruments.get(name)?.forget(labels);
      else observe(name, labels, value);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

function metricNames(): readonly MetricName[] {
  return Object.keys(METRICS).filter((name): name is MetricName => name in METRICS);
}

/**
 * Creates a metric. Series whose labels are known start at 0: a rate over a series that appears with its first event
 * would miss that event.
 */
function instrumentOf(entry: MetricEntry, registry: Registry): Instrument {
  const about = { name: entry.name, help: entry.help, labelNames: Object.keys(entry.labels), registers: [registry] };
  switch (entry.kind) {
    case 'counter': {
      const counter = new Counter(about);
      for (const labels of seriesOf(entry)) counter.inc(labels, 0);
      return { observe: (labels, value) => counter.inc(labels, value), forget: (labels) => counter.remove(labels) };
    }
    case 'gauge': {
      const gauge = new Gauge(about);
      return { observe: (labels, value) => gauge.set(labels, value), forget: (labels) => gauge.remove(labels) };
    }
    case 'histogram': {
      const histogram = new Histogram({ ...about, buckets: [...entry.buckets] });
      for (const labels of seriesOf(entry)) histogram.zero(labels);
      return {
        observe: (labels, value) => histogram.observe(labels, value),
        forget: (labels) => histogram.remove(labels),
      };
    }
  }
}

/** Every combination of label values. Empty for a metric with a name of the config among its labels. */
function seriesOf({ labels }: MetricEntry): readonly Observed[] {
  return Object.entries(labels).reduce<readonly Observed[]>(
    (series, [label, values]) =>
      typeof values === 'string' ? [] : series.flatMap((one) => values.map((value) => ({ ...one, [label]: value }))),
    [{}],
  );
}
