import type { HealthReport, PartHealth } from './health-report.ts';

/** Checks the health of one part of the bot by using it. */
export type HealthProbe = () => Promise<PartHealth>;

export type Probing = {
  readonly probes: Readonly<Record<string, HealthProbe>>;
  /** How long one part may take before it counts as unhealthy. */
  readonly timeoutMs: number;
  /** The message for a failed part, in the language of the log. */
  readonly said: (error: unknown) => string;
};

/** Checks all parts at the same time. */
export async function healthReport(probing: Probing): Promise<HealthReport> {
  const parts = await Promise.all(
    Object.entries(probing.probes).map(async ([name, probe]) => [name, await probed(probe, probing)] as const),
  );
  const state = parts.every(([, part]) => part.state === 'healthy') ? 'healthy' : 'unhealthy';
  return { state, parts: Object.fromEntries(parts) };
}

/** Checks one part. A part that fails, or takes longer than the timeout, is unhealthy. */
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
