import { statSync } from 'node:fs';
import { HEALTH_INTERVAL_MS, HEALTH_THRESHOLD } from './registry-config.ts';

/** The error texts of stat(2) in Go, and so in the real registry (package syscall, zerrors_linux). */
const ERRNO_WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ENOTDIR: 'not a directory',
  ELOOP: 'too many levels of symbolic links',
};

/**
 * The storage health check of distribution's registry: stat(2) on the storage root at an interval. It is unhealthy
 * after some failures in a row and healthy again after one success. A missing root counts as healthy, as in
 * distribution (registry/handlers/app.go, RegisterHealthChecks).
 */
export class StorageHealth {
  readonly #root: string;
  #failuresInARow = 0;
  #lastFailure = '';

  constructor(root: string) {
    this.#root = root;
  }

  start(): void {
    setInterval(() => this.#check(), HEALTH_INTERVAL_MS);
  }

  /** The text of the failure, or null while the storage counts as healthy. */
  failure(): string | null {
    return this.#failuresInARow >= HEALTH_THRESHOLD ? this.#lastFailure : null;
  }

  #check(): void {
    try {
      statSync(this.#root, { throwIfNoEntry: false });
      this.#failuresInARow = 0;
    } catch (error) {
      this.#failuresInARow += 1;
      this.#lastFailure = `filesystem: stat ${this.#root}: ${errnoWords(error)}`;
    }
  }
}

function errnoWords(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return ERRNO_WORDS[code] ?? code;
}
