import { chownSync } from 'node:fs';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { startFakeRegistry } from '../host/fake-registry.ts';
import { configuredHost, probeOutput } from '../host/probe-run.ts';
import { ScratchTree } from '../host/scratch-tree.ts';
import { DASH } from '../host/shells.ts';

/** The nonce of {@link probeOutput}. */
const NONCE = 'probenonce';
const SETPRIV = ['--reuid 48211', '--regid 48212', '--groups 48213'];

/** What the probe really prints on a host whose registry is kept from its storage, for whichever nonce is asked for. */
export async function recordRealAnswer(): Promise<(nonce: string) => Buffer> {
  const tree = new ScratchTree();
  const closed = tree.directory(tree.at('closed'), 0o750);
  chownSync(closed, 0, 37);
  const host: HostSettings = configuredHost(tree, tree.directory(tree.at('closed', 'storage')).toString());
  const registry = await startFakeRegistry(tree, { setpriv: SETPRIV, args: ['serve', host.registry.config] });
  const printed = probeOutput(DASH, host).toString('latin1');
  await registry.stop();
  tree.remove();
  return (nonce) => Buffer.from(printed.replaceAll(NONCE, nonce), 'latin1');
}

/** The records of an answer, each with its key and the NUL bytes that end both. */
export function recordsOf(answer: Buffer): Buffer[] {
  const fields = answer.toString('latin1').split('\0').slice(0, -1);
  return fields.flatMap((field, index) =>
    index % 2 === 0 ? [Buffer.from(`${field}\0${fields[index + 1] ?? ''}\0`, 'latin1')] : [],
  );
}
