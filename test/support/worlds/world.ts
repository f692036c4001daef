import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { type Act, perform } from './act.ts';

/**
 * Makes a world in a directory of its own below `grounds`, passes its top to `work`, and removes it again, including
 * mounts and immutable directories.
 */
export async function withWorld<T>(
  grounds: string,
  acts: readonly Act[],
  work: (top: string) => T | Promise<T>,
): Promise<T> {
  const place = mkdtempSync(`${grounds}/world-`);
  const top = `${place}/top`;
  chmodSync(place, 0o755);
  mkdirSync(top);
  chmodSync(top, 0o755);
  const ownMount = acts.some((act) => act.do === 'tmpfs' || act.do === 'bind');
  try {
    if (ownMount) shell('mount --bind "$1" "$1"', top);
    perform(acts, top);
    return await work(top);
  } finally {
    const hasAttributes = acts.some((act) => act.do === 'attribute');
    shell(`${ownMount ? UNMOUNT : ''} ${hasAttributes ? LOOSEN : ''} rm -rf -- "$2"`, top, place);
  }
}

/** The world's own mount takes everything mounted on it with it. What it covered appears again, immutable or not. */
const UNMOUNT = 'umount -l "$1";';
const LOOSEN = 'chattr -R -f -ia "$1";';

function shell(command: string, ...args: readonly string[]): void {
  spawnSync('sh', ['-c', command, 'sh', ...args], { stdio: 'ignore' });
}
