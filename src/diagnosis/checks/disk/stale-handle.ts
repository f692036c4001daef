import type { Finding } from '../../../model/diagnosis/finding.ts';
import type { Facts, TryResult } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { accessTriesOf, diskSpaceOf, judgedPath } from '../../access/judge/judged-path.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { mountHolding } from '../../access/kernel/mount-table.ts';
import type { Check } from '../check.ts';

/** ESTALE in the registry's message, in Go's wording. */
const STALE = /stale (NFS )?file handle/i;
/** How old a complaint in the log can be. After a longer time it might no longer be true. */
const FRESH_SECONDS = 120;

type Stale = { readonly path: HostPath; readonly proof: Finding['proof'] };

/**
 * The server no longer knows the directory that was mounted or opened: ESTALE (nfs(5)). The directory, or its export,
 * was removed and created again, and only a new mount helps.
 */
export const staleHandle: Check<'stale-handle'> = {
  id: 'stale-handle',
  faultKind: 'not-there',
  scope: 'each-path',
  look(judged) {
    const stale = seenByKernel(judged) ?? (judged.usedPath === null ? toldByRegistry(judged.facts) : null);
    if (stale === null) return [];
    const mount = mountHolding(judged.facts.mounts, stale.path);
    return [
      {
        id: 'stale-handle',
        severity: 'fault',
        ...stale,
        mountPoint: mount?.mountPoint ?? null,
        source: mount?.source ?? null,
      },
    ];
  },
};

function seenByKernel(judged: JudgedAccess): Stale | null {
  const { facts, walk } = judged;
  const { nodes, searchTries } = facts;
  const space = diskSpaceOf(judged);
  const path = judgedPath(judged);
  const unseen = nodes.find((node) => node.state === 'unseen' && node.why.code === 'stale-handle');
  if (unseen) return { path: unseen.path, proof: 'kernel' };
  const search = searchTries.find(({ answer }) => isStale(answer));
  if (search) return { path: search.path, proof: 'kernel' };
  const ofPath = Object.values(accessTriesOf(judged)).some((fact) => fact.state === 'known' && isStale(fact.value));
  const ofDisk = space.state === 'unknown' && space.why.code === 'stale-handle';
  if (path === null || !(ofPath || ofDisk)) return null;
  return { path: walk?.end.kind === 'directory' ? walk.end.root.path : path, proof: 'kernel' };
}

function toldByRegistry({ health, logs, storageRoot, takenAt }: Facts): Stale | null {
  const inHealth = health.state === 'known' && health.value.status !== 200 && STALE.test(health.value.body);
  const inLog =
    logs.state === 'known' &&
    logs.value.complaints.some(
      ({ complaint, lastAt }) => complaint === 'stale-handle' && lastAt !== null && lastAt > takenAt - FRESH_SECONDS,
    );
  if (storageRoot.state !== 'known' || !(inHealth || inLog)) return null;
  return { path: storageRoot.value, proof: 'evaluated' };
}

function isStale(answer: TryResult): boolean {
  return answer.result === 'failed' && answer.why.code === 'stale-handle';
}
