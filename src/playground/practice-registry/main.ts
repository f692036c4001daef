import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Server } from 'node:net';
import { debugAnswers, registryAnswers } from './answers.ts';
import { type ChildMessage, ParentMessage, type ServiceIdentity } from './protocol.ts';
import { rootDirectoryOf } from './registry-config.ts';
import { StorageHealth } from './storage-health.ts';

/** The practice registry's own process: `registry main.ts serve CONFIG`, started by start-practice-registry.ts. */
const [command, configFile] = process.argv.slice(2);
if (command !== 'serve' || !configFile || !process.send) throw new Error('the playground starts this file by itself');

const health = new StorageHealth(rootDirectoryOf(readFileSync(configFile, 'utf8')));

process.on('message', (message, handle) => {
  const order = ParentMessage.parse(message);
  if (order.kind === 'serve') return serve(order.identity);
  if (!(handle instanceof Server)) throw new Error(`no listening socket came with ${order.kind}`);
  const answers = order.kind === 'registry-listener' ? registryAnswers(health) : debugAnswers(health);
  createServer(answers).listen(handle);
});
// The parent process has ended, for whatever reason.
process.on('disconnect', () => process.exit());

function serve(identity: ServiceIdentity | null): void {
  // Node has named its main thread. People and the bot recognize the registry by its process name (proc_pid_comm(5)).
  writeFileSync('/proc/self/comm', 'registry');
  if (identity) become(identity);
  health.start();
  process.send?.({ kind: 'serving' } satisfies ChildMessage);
}

/** Becomes the identity. The groups come first: after giving up root a process can't change them (credentials(7)). */
function become({ uid, gid }: ServiceIdentity): void {
  process.setgroups?.([]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}
