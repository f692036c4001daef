import type { HttpSettings } from '../config/config.ts';
import { alivePage, readyPage } from '../http/probe-pages.ts';
import type { Probing } from '../http/probe-parts.ts';
import { startWebServer, type WebServer } from '../http/web-server.ts';
import type { MetricsPage } from '../metrics/prom-metrics.ts';
import { type Gauges, readGauges } from '../metrics/read-gauges.ts';
import type { Log } from '../workflow/ports/bot.ts';

/** What monitoring is shown of the bot. */
export type Watched = {
  readonly probing: Probing;
  readonly metrics: MetricsPage;
  readonly gauges: Gauges;
  readonly log: Log;
};

/** Listens for monitoring, if the config says where: `/healthz`, `/readyz` and `/metrics`. */
export async function startMonitoring(http: HttpSettings | null, watched: Watched): Promise<WebServer | null> {
  if (http === null) return null;
  const { probing, metrics, gauges, log } = watched;
  const metricsPage = async () => {
    await readGauges(gauges, metrics);
    return { status: 200, contentType: metrics.contentType, body: await metrics.text() };
  };
  const pages = { '/healthz': alivePage, '/readyz': () => readyPage(probing), '/metrics': metricsPage };
  return startWebServer({ ...http, pages, log });
}
