import { askHealth, type HealthAnswer } from '../http/ask-health.ts';
import { healthSocketFile, recordFile } from '../http/health-socket.ts';

export type { HealthReport } from '../http/health-report.ts';

/** Asks the bot of a record for its health. */
export type BotHealth = {
  readonly recordFile: string;
  readonly socketFile: string;
  ask(timeoutMs: number): Promise<HealthAnswer>;
};

/** Does not ask yet. */
export function botHealth(storeUrl: string): BotHealth {
  const socketFile = healthSocketFile(storeUrl);
  return {
    recordFile: recordFile(storeUrl),
    socketFile,
    ask: (timeoutMs) => askHealth(socketFile, timeoutMs),
  };
}
