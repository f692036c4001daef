import type { HealthReport, PartHealth } from './health-report.ts';

/** Asks one part for its health by really using it. */
export type HealthProbe = () => Promise<PartHealth>;

export type Probing = {
  readonly probes: Readonly<Record<string, HealthProbe>>;
  /** How long one part may take before it counts as unhealthy. */
  readonly timeoutMs: number;
  /** Puts in words why a part failed, in the language of the log. */
  readonly said: (error: unknown) => string;
};

/** Asks every part at once. */
export async function healthReport(probing: Probing): Promise<HealthReport> {
  const parts = await Promise.all(
    Object.entries(probing.probes).map(async ([name, probe]) => [name, await probed(probe, probing)] as const),
  );
  const state = parts.every(([, part]) => part.state === 'healthy') ? 'healthy' : 'unhealthy';
  return { state, parts: Object.fromEntries(parts) };
}

/** A part that fails or hangs is unhealthy; the answer never waits for it. */
async function probed(probe: HealthProbe, { timeoutMs, said }: Probing): Promise<PartHealth> {
  const timeout = Promise.withResolvers<PartHealth>();
  const hangs = () => timeout.resolve({ state: 'unhealthy', why: { code: 'timed-out', timeoutMs } });
  const timer = setTimeout(hangs, timeoutMs);
  try {
    return await Promise.race([probe(), timeout.promise]);
  } catch (error) {
    return { state: 'unhealthy', why: { code: 'failed', said: said(error) } };
  } finally {
    clearTimeout(timer);
  }
}
