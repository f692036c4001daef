import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { type PlaceInStorage, placeInStorage, storageParts, storagePlace } from '../../access/judge/storage-part.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { mountHolding } from '../../access/kernel/mount-table.ts';
import type { Check } from '../check.ts';

type Spans = FindingOf<'storage-spans-filesystems'>;

const UPLOADS = 'docker/registry/v2/repositories';
const BLOBS = 'docker/registry/v2/blobs';
/** Links are written here in place: nothing is moved out of these directories, so they can be on a mount of their own. */
const NEVER_MOVED_FROM = /\/_(?:layers|manifests)(?:\/|$)/;

/**
 * A push writes its data below `repositories/NAME/_uploads` and moves it to `blobs` by rename(2) (distribution,
 * filesystem driver, Move). Between two mounts, even of one filesystem, that fails with EXDEV, so each push answers 500
 * while pulls work (seen with distribution 2.8.2: ext4, tmpfs, a bind mount of the same disk, a symlink to another
 * disk).
 */
export const storageSpansFilesystems: Check<'storage-spans-filesystems'> = {
  id: 'storage-spans-filesystems',
  look(judged) {
    const uploads = placeOf(judged, UPLOADS);
    const blobs = placeOf(judged, BLOBS);
    if (uploads === null || blobs === null) return [];
    if (isApart(judged, uploads, blobs)) return [finding(blobs, uploads, whereTheyPart(blobs, uploads))];
    return storageParts(judged).flatMap((part): Spans[] => {
      const place = part.walk.end.kind === 'directory' ? part.walk.end.root : null;
      const isOfBlobs = part.used.path.includes(`/${BLOBS}/`);
      const isOfUploads = part.used.path.includes(`/${UPLOADS}/`) && !NEVER_MOVED_FROM.test(part.used.path);
      if (place === null || !(isOfBlobs || isOfUploads)) return [];
      const other = isOfBlobs ? uploads : blobs;
      if (!isApart(judged, place, other)) return [];
      return [isOfBlobs ? finding(place, uploads, part.used.path) : finding(blobs, place, part.used.path)];
    });
  },
};

function placeOf(judged: JudgedAccess, name: string): PlaceInStorage | null {
  const path = storagePlace(judged.facts, name);
  return path && placeInStorage(judged, path);
}

type Place = { readonly path: HostPath; readonly device: string };

function isApart({ facts }: JudgedAccess, one: Place, other: Place): boolean {
  const [mount, otherMount] = [mountHolding(facts.mounts, one.path), mountHolding(facts.mounts, other.path)];
  if (mount === null || otherMount === null) return false;
  return mount.id !== otherMount.id || mount.mountPoint !== otherMount.mountPoint;
}

/** Which of the two directories is on a mount of its own, by its path in the storage. */
function whereTheyPart(blobs: PlaceInStorage, uploads: PlaceInStorage): HostPath {
  return blobs.part?.used.path ?? uploads.part?.used.path ?? blobs.path;
}

function finding(blobs: Place, uploads: Place, path: HostPath): Spans {
  return {
    id: 'storage-spans-filesystems',
    severity: 'fault',
    proof: 'evaluated',
    path,
    uploads: uploads.path,
    blobs: blobs.path,
  };
}
