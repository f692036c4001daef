import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync, readdirSync } from 'node:fs';
import { Plan, type PlanStep } from '../../../../src/model/plan/plan.ts';
import { hostPath } from '../../scratch-tree.ts';

/** Gives all that `from` owns at and below a directory to `to`, as the probe would list it now. */
export function treeStep(top: Buffer, from: string, to: string, parts: Partial<PlanStep> = {}): PlanStep {
  const owned = entriesBelow(top).filter(({ stat }) => `${stat.uid}:${stat.gid}` === from);
  const { dev, ino, mode, uid, gid } = lstatSync(top, { bigint: true });
  return Plan.shape.steps.element.parse({
    action: 'chown',
    path: hostPath(top),
    from,
    to,
    tree: { entries: owned.length, digest: digestOf(owned) },
    gainingPrincipal: '48211',
    precondition: {
      device: String(dev),
      inode: String(ino),
      mode: (mode & 0o7777n).toString(8).padStart(4, '0'),
      uid: Number(uid),
      gid: Number(gid),
    },
    ...parts,
  });
}

/** Sets the mode of every directory, or file, at and below a directory that the service owns and that has 0777. */
export function modesStep(top: Buffer, kind: 'directory' | 'file', to: string): PlanStep {
  const chosen = entriesBelow(top).filter(
    ({ stat }) =>
      stat.uid === 48211n && (stat.mode & 0o7777n) === 0o777n && (kind === 'directory') === stat.isDirectory(),
  );
  const { dev, ino, mode, uid, gid } = lstatSync(top, { bigint: true });
  return Plan.shape.steps.element.parse({
    action: 'chmod',
    path: hostPath(top),
    from: '0777',
    to,
    tree: { kind, entries: chosen.length, digest: digestOf(chosen) },
    gains: 'owner',
    gainingPrincipal: '48211',
    precondition: {
      device: String(dev),
      inode: String(ino),
      mode: (mode & 0o7777n).toString(8).padStart(4, '0'),
      uid: Number(uid),
      gid: Number(gid),
    },
  });
}

function digestOf(entries: readonly Entry[]): string {
  const lines = entries.map(({ stat }) => `${stat.ino} ${stat.uid} ${stat.gid} ${modeOf(stat)} ${symbolic(stat)}\n`);
  return createHash('sha256').update(lines.toSorted(byBytes).join('')).digest('hex');
}

/** `uid:gid` of every entry, the directory itself among them, by its path below it. */
export function ownersBelow(top: Buffer): Record<string, string> {
  return Object.fromEntries(
    entriesBelow(top)
      .map(({ path, stat }) => [path.subarray(top.length).toString() || '.', `${stat.uid}:${stat.gid}`] as const)
      .toSorted(([one], [other]) => byBytes(one, other)),
  );
}

type Entry = { readonly path: Buffer; readonly stat: BigIntStats };

function entriesBelow(path: Buffer): Entry[] {
  const stat = lstatSync(path, { bigint: true });
  const below = stat.isDirectory()
    ? readdirSync(path, { encoding: 'buffer' }).flatMap((name) =>
        entriesBelow(Buffer.concat([path, Buffer.from('/'), name])),
      )
    : [];
  return [{ path, stat }, ...below];
}

function modeOf({ mode }: BigIntStats): string {
  return (mode & 0o7777n).toString(8);
}

/** As ls(1) writes type and mode; enough for what these tests make. */
function symbolic(stat: BigIntStats): string {
  const letters = [...'rwxrwxrwx']
    .map((letter, index) => (stat.mode & (256n >> BigInt(index)) ? letter : '-'))
    .join('');
  return `${stat.isDirectory() ? 'd' : stat.isSymbolicLink() ? 'l' : '-'}${letters}`;
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
