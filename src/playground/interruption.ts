import type { Writable } from 'node:stream';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The interruption of a run: by a signal, or because the reader of its output is gone (`| head`). */
export type Interruption = { readonly signal: AbortSignal; stopListening(): void };

/**
 * Starts to listen for interruptions. Until `stopListening` every further signal is ignored, so that none ends the
 * cleanup.
 */
export function listenForInterruption(output: Writable): Interruption {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  for (const name of SIGNALS) process.on(name, interrupt);
  // Never removed: the cleanup writes to the same closed pipe.
  output.on('error', interrupt);
  return {
    signal: controller.signal,
    stopListening: () => {
      for (const name of SIGNALS) process.off(name, interrupt);
    },
  };
}

/** Resolves with the result of the work. On an interruption it rejects at once and ignores the result. */
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
