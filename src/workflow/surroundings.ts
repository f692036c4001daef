import type { Settings } from '../model/settings.ts';
import type { Clock, Directory, Log, RecordStore, RemoteHost } from './ports.ts';

/** What every workflow is given: the outside world through its ports, and the settings. */
export type Surroundings = {
  readonly store: RecordStore;
  readonly remote: RemoteHost;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
};
