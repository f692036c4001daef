import { healthReport, type Probing } from './probe-parts.ts';
import type { WebAnswer } from './web-server.ts';

const PLAIN = 'text/plain; charset=utf-8';

/**
 * The page `/healthz`: the process answers. It checks no part, since a bot that waits for Slack must not be restarted.
 */
export async function alivePage(): Promise<WebAnswer> {
  return { status: 200, contentType: PLAIN, body: 'alive\n' };
}

/**
 * The page `/readyz`: checks every part now. It says which part failed but not why, since the network need not know.
 */
export async function readyPage(probing: Probing): Promise<WebAnswer> {
  const { state, parts } = await healthReport(probing);
  const lines = Object.entries(parts).map(([name, part]) => `${name}: ${part.state}\n`);
  return { status: state === 'healthy' ? 200 : 503, contentType: PLAIN, body: lines.join('') };
}
