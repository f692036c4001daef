import type { Writable } from 'node:stream';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What ends a play early: a signal, or that nobody reads any more what it prints (`| head`). */
export type Interruption = { readonly signal: AbortSignal; stopListening(): void };

/** Listens until told to stop. A second signal changes nothing: what was built is being taken away already. */
export function listenForInterruption(output: Writable): Interruption {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  for (const name of SIGNALS) process.on(name, interrupt);
  // Stays: what is still said while all is taken away meets the same closed pipe.
  output.on('error', interrupt);
  return {
    signal: controller.signal,
    stopListening: () => {
      for (const name of SIGNALS) process.off(name, interrupt);
    },
  };
}

/** Does the work, unless it is interrupted: then it rejects at once, and work under way is left to itself. */
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
