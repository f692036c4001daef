import { readFileSync } from 'node:fs';
import type { ServiceIdentity } from '../practice-registry/protocol.ts';

const FIRST_CANDIDATE = 64_123;

/** A uid and gid that no account or group of this machine has. Creates neither. */
export function unusedIdentity(): ServiceIdentity {
  const taken = new Set([...idsIn('/etc/passwd'), ...idsIn('/etc/group')]);
  let id = FIRST_CANDIDATE;
  while (taken.has(id)) id += 1;
  return { uid: id, gid: id };
}

/** The uids in passwd(5) or the gids in group(5): the third field of each line. */
function idsIn(file: string): readonly number[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => Number(line.split(':')[2]));
}
