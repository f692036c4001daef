import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import type { Identity } from '../../src/model/host/facts.ts';

export type KernelAnswer = 'ok' | 'EACCES' | 'ENOENT' | 'ENOTDIR' | 'ELOOP';

/** What the kernel says of a directory; list and create are asked only where stat got there. */
export type KernelAnswers =
  | { readonly stat: Exclude<KernelAnswer, 'ok'> }
  | { readonly stat: 'ok'; readonly list: KernelAnswer; readonly create: KernelAnswer };

/** Needs root. Really tries stat, list and create as the identity; what was created is taken away again. */
export function kernelSays(path: string, identity: Identity): KernelAnswers {
  const entry = `${path}/.rd-try`;
  return asIdentity(identity, () => {
    const stat = answerOf(() => statSync(`${path}/`));
    if (stat !== 'ok') return { stat };
    const create = answerOf(() => mkdirSync(entry));
    if (create === 'ok') rmdirSync(entry);
    return { stat, list: answerOf(() => readdirSync(path)), create };
  });
}

/** The effective ids are what file access is judged by, and the capabilities follow them (credentials(7), capabilities(7)). */
export function asIdentity<T>(identity: Identity, work: () => T): T {
  const { setgroups, setegid, seteuid } = process;
  assert.ok(setgroups && setegid && seteuid);
  setgroups(identity.groups);
  setegid(identity.gid);
  seteuid(identity.uid);
  try {
    return work();
  } finally {
    seteuid(0);
    setegid(0);
    setgroups([]);
  }
}

function answerOf(call: () => unknown): KernelAnswer {
  try {
    call();
    return 'ok';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES' || code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return code;
    throw error;
  }
}
