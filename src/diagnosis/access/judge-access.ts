import type { Facts } from '../../model/host/facts.ts';
import { type JudgedContents, judgeContents } from './contents/judge-contents.ts';
import { type ExternalDenial, externalDenials } from './denial/external-denial.ts';
import { type FileBeside, filesBeside } from './denial/files-beside.ts';
import { type JudgedDisk, judgeDisk } from './disk/judge-disk.ts';
import { type NewerConfig, newerConfig } from './judge/newer-config.ts';
import { innerWays, type WalkedAccess, walkAccess } from './judge/walk-access.ts';

/**
 * The facts of one host and what follows from them for the registry's access to its storage. Each conclusion is
 * computed here, once.
 */
export type JudgedAccess = WalkedAccess & {
  readonly disk: JudgedDisk;
  /** The contents of the whole storage, even if this is about one path inside it. */
  readonly contents: JudgedContents;
  /** Directories on this path where something other than the shown modes denies the service. */
  readonly externalDenials: readonly ExternalDenial[];
  readonly filesBeside: readonly FileBeside[];
  /** The process can then use another storage than the file names. Null: it read the file as it is, or that is unknown. */
  readonly newerConfig: NewerConfig | null;
  /** One result for each path inside the storage that is walked on its own, judged as if it were the storage root. */
  readonly inner: readonly JudgedAccess[];
};

/**
 * Judges access to the storage root for the identity of the running registry, or for its account if it isn't running.
 */
export function judgeAccess(facts: Facts): JudgedAccess {
  const walked = walkAccess(facts);
  const disk = judgeDisk(walked);
  const ofHost = {
    contents: judgeContents(walked, disk),
    filesBeside: filesBeside(walked),
    newerConfig: newerConfig(walked),
  };
  const inner = innerWays(walked).map((way) => ({ ...ofWay(way, judgeDisk(way)), ...ofHost, inner: [] }));
  return { ...ofWay(walked, disk), ...ofHost, inner };
}

function ofWay(walked: WalkedAccess, disk: JudgedDisk) {
  return { ...walked, disk, externalDenials: externalDenials(walked) };
}
