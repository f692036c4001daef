import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import type { Identity } from '../../../src/model/host/facts.ts';

export type KernelAnswer = 'ok' | 'EACCES' | 'ENOENT' | 'ENOTDIR' | 'ELOOP';

/** The kernel's answers about a directory. List and create are tested only if stat succeeded. */
export type KernelAnswers =
  | { readonly stat: Exclude<KernelAnswer, 'ok'> }
  | { readonly stat: 'ok'; readonly list: KernelAnswer; readonly create: KernelAnswer };

/** Needs root. Tests stat, list and create as the identity for real. What was created is removed again. */
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

/** File access is judged by the effective ids, and the capabilities follow them (credentials(7), capabilities(7)). */
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
