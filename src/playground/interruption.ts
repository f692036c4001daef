import type { Writable } from 'node:stream';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What ends a run early: a signal, or a closed output (`| head`). */
export type Interruption = { readonly signal: AbortSignal; stopListening(): void };

/** Listens until stopped. A second signal changes nothing, because the cleanup already runs. */
export function listenForInterruption(output: Writable): Interruption {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  for (const name of SIGNALS) process.on(name, interrupt);
  // Stays: output during the cleanup meets the same closed pipe.
  output.on('error', interrupt);
  return {
    signal: controller.signal,
    stopListening: () => {
      for (const name of SIGNALS) process.off(name, interrupt);
    },
  };
}

/** Does the work, unless it is interrupted. Then it rejects at once, and running work is abandoned. */
export async function unlessInterrupted<T>(signal: AbortSignal, begin: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const interrupted = Promise.withResolvers<never>();
  const reject = () => interrupted.reject(signal.reason);
  signal.addEventListener('abort', reject);
  const work = begin();
  try {
    return await Promise.race([work, interrupted.promise]);
  } finally {
    signal.removeEventListener('abort', reject);
    work.catch(() => {});
  }
}
