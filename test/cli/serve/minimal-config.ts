import { stringify } from 'yaml';

/** A config that is enough for `serve`: one host, and the record beside the file. */
export const MINIMAL_CONFIG = stringify({
  slack: { mode: 'socket', incidentChannel: 'C0INCIDENTS' },
  store: { url: 'sqlite:./record.db' },
  ssh: { knownHosts: 'known_hosts' },
  hosts: { git01: { address: '127.0.0.1', user: 'u', identityFile: 'id', registry: { layout: 'omnibus' } } },
});
