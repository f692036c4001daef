import type { ChildProcess } from 'node:child_process';
import type { HostPath } from '../../../src/model/host/host-path.ts';
import type { RegistryClient } from './registry-client.ts';

/** Debian's docker-registry, as it runs for a scenario. */
export type RunningRegistry = {
  readonly configFile: HostPath;
  readonly address: string;
  readonly debugAddress: string;
  readonly logFile: HostPath;
  readonly client: RegistryClient;
  /** The command that starts it, with its environment. */
  readonly command: { readonly words: readonly string[]; readonly environment: Readonly<Record<string, string>> };
  /** Null: it was never started. */
  readonly child: ChildProcess | null;
};
