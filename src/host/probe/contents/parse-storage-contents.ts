import { type Fact, known, unknown } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import { HostPath, textFromBytes } from '../../../model/host/host-path.ts';
import type { ForeignOwner, StorageContents } from '../../../model/host/storage-contents.ts';
import { decimal } from '../../frame/field-values.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';
import { parseCatalog } from '../registry/parse-catalog.ts';
import { closedIn, modeOf, type Names, ownClosed, pathAt, shutIn, uniquePaths } from './parse-closed-directories.ts';
import { Report } from './storage-report.ts';

/**
 * A pass of the scan. `places`: only the directories that the registry writes to. `all`: everything, unless it stopped
 * early.
 */
type Phase = 'places' | 'all';

/** Parses the section `storage_contents`. */
export function parseStorageContents(section: Uint8Array): Pick<Facts, 'contents' | 'listed'> {
  const report = new Report(section);
  return { contents: contentsIn(report), listed: listedIn(report) };
}

function listedIn({ catalog }: Report): Facts['listed'] {
  return catalog === null ? unknown('no-address-to-ask') : parseCatalog(catalog);
}

function contentsIn(report: Report): Fact<StorageContents> {
  const tree = report.told('tree');
  if (tree.state === 'unknown') return tree;
  if (tree.state === 'absent') return known({ ...nothing(), umask: umaskIn(report) });
  const place = placeOf(report);
  const isComplete = isWhole(report, 'all');
  // The counts of a complete scan are right. If it stopped early, the larger count of the two passes is nearer to the
  // truth.
  const phases: readonly Phase[] = isComplete ? ['all'] : ['places', 'all'];
  const largest = (key: string) => Math.max(...phases.map((phase) => decimal(report.one(`${key} ${phase}`), key)));
  if (!isComplete && largestEntries(report) === 0) return unknown('contents-not-in-time');
  const names = namesIn(report);
  const notes = new Notes(report, phases, place);
  return known({
    complete: isComplete,
    writePlacesSeen: isComplete || isWhole(report, 'places'),
    entries: isComplete ? entriesOf(report, 'all') : largestEntries(report),
    tookMs: tookMs(report.one('took')),
    top: topFrom(tree.value, place),
    mountsBelow: decimal(report.one('mounts-below'), 'mounts'),
    parts: partsIn(report, place),
    foreign: foreignIn(report, phases, names, notes, isComplete),
    moreOwners: phases.some((phase) => report.all('more-owners').includes(phase)),
    closed: closedIn(report, names, place),
    shut: shutIn(report, place),
    ownClosed: {
      count: largest('own-closed-count'),
      directories: uniquePaths(notes.of('own-closed').map((line) => ownClosed(line, names, place))).slice(0, 64),
      complete: isComplete,
    },
    worldWritable: {
      entries: largest('open'),
      firstPaths: notes.paths('open-path').slice(0, 8),
      footprint: isComplete ? footprintIn(report) : [],
    },
    umask: umaskIn(report),
    repositories: largest('repositories'),
  });
}

/** The contents of a storage root in which no registry has written yet. */
function nothing(): StorageContents {
  const none = { count: 0, directories: [], complete: true };
  return {
    complete: true,
    writePlacesSeen: true,
    entries: 0,
    tookMs: null,
    top: null,
    mountsBelow: 0,
    parts: [],
    foreign: [],
    moreOwners: false,
    closed: known({ ...none, writePlacesTried: true }),
    shut: { count: 0, entries: [] },
    ownClosed: none,
    worldWritable: { entries: 0, firstPaths: [], footprint: [] },
    umask: null,
    repositories: 0,
  };
}

function partsIn(report: Report, place: string): StorageContents['parts'] {
  const begun = new Set(report.all('began'));
  return report.all('part').map((name) => ({ path: pathAt(place, name), tried: begun.has(name) }));
}

export function placeOf(report: Report): string {
  const place = placeIn(report);
  if (place !== '' && !place.startsWith('/')) throw new MalformedOutput('unreadable', 'place');
  return place;
}

/**
 * The storage root as the scan reports it: in hex if it contains a newline. For `/` it is empty, because a slash
 * follows.
 */
function placeIn(report: Report): string {
  const [hex] = report.all('place-hex');
  if (hex === undefined) return report.one('place').replace(/^\/$/, '');
  if (!/^(?:[0-9a-f]{2})+$/.test(hex)) throw new MalformedOutput('unreadable', 'place-hex');
  return textFromBytes(Buffer.from(hex, 'hex'));
}

function topFrom(top: string, place: string): NonNullable<StorageContents['top']> {
  const [, device, inode, mode, uid, gid] = /^(\d+):(\d+):([0-9a-f]{1,8}):(\d+):(\d+)$/.exec(top) ?? [];
  if (device === undefined || inode === undefined || mode === undefined) {
    throw new MalformedOutput('unreadable', 'top');
  }
  const path = HostPath.parse(`${place}/docker`);
  const bits = Number.parseInt(mode, 16) & 0o7777;
  return { path, device, inode, mode: modeOf(bits.toString(8)), uid: decimal(uid, 'uid'), gid: decimal(gid, 'gid') };
}

function isWhole(report: Report, phase: Phase): boolean {
  return report.one(`scan ${phase}`).startsWith('whole ');
}

function entriesOf(report: Report, phase: Phase): number {
  return decimal(report.one(`scan ${phase}`).split(' ')[1], 'entries');
}

function largestEntries(report: Report): number {
  return Math.max(entriesOf(report, 'places'), entriesOf(report, 'all'));
}

/** Start and end on the clock of /proc/uptime, which counts in hundredths of a second. */
function tookMs(uptimes: string): number | null {
  const [began, ended] = uptimes.split(' ').map(Number);
  const ms = Math.round(((ended ?? Number.NaN) - (began ?? Number.NaN)) * 1000);
  return ms >= 0 ? ms : null;
}

function namesIn(report: Report): Names {
  const named = (key: string) =>
    new Map(
      report.all(key).map((line) => {
        const [id = '', ...words] = line.split(' ');
        return [decimal(id, key), words.join(' ') || id] as const;
      }),
    );
  return { users: named('user'), groups: named('group') };
}

/**
 * The paths and closed directories that the scan reported, with those of the directories that the registry writes to
 * first.
 */
class Notes {
  readonly #report: Report;
  readonly #phases: readonly Phase[];
  readonly #place: string;

  constructor(report: Report, phases: readonly Phase[], place: string) {
    this.#report = report;
    this.#phases = phases;
    this.#place = place;
  }

  of(key: string): readonly string[] {
    return this.#phases.flatMap((phase) => this.#report.all(`note ${phase} ${key}`));
  }

  paths(key: string): HostPath[] {
    return [...new Set(this.of(key))].map((path) => pathAt(this.#place, path));
  }
}

function foreignIn(
  report: Report,
  phases: readonly Phase[],
  names: Names,
  notes: Notes,
  isComplete: boolean,
): ForeignOwner[] {
  const counted = phases.flatMap((phase) => report.all(`owner ${phase}`).map(ownerLine));
  const byPair = Map.groupBy(counted, ({ uid, gid }) => `${uid} ${gid}`);
  const digests = new Map(
    report.all('digest').map((line) => [line.split(' ').slice(0, 2).join(' '), line.split(' ')[2]]),
  );
  const denials = denialsIn(report);
  return [...byPair].slice(0, 16).map(([pair, lines]) => {
    const largest = (key: 'entries' | 'closedToOwner' | 'unusual') => Math.max(...lines.map((line) => line[key]));
    const [{ uid, gid } = { uid: 0, gid: 0 }] = lines;
    return {
      uid,
      gid,
      owner: names.users.get(uid) ?? String(uid),
      group: names.groups.get(gid) ?? String(gid),
      entries: largest('entries'),
      firstPaths: notes.paths(`owner-path ${pair}`).slice(0, 8),
      denied: denials.state === 'known' ? known(denials.value(pair)) : denials,
      closedToOwner: largest('closedToOwner'),
      unusual: largest('unusual'),
      digest: isComplete ? digestOf(digests.get(pair)) : null,
    };
  });
}

/** Reads a digest. Null: there is none, for example because the host has no sha256sum. */
function digestOf(word: string | undefined): string | null {
  return word !== undefined && /^[0-9a-f]{64}$/.test(word) ? word : null;
}

function ownerLine(line: string) {
  const [uid, gid, entries, closedToOwner, unusual] = line.split(' ');
  return {
    uid: decimal(uid, 'uid'),
    gid: decimal(gid, 'gid'),
    entries: decimal(entries, 'entries'),
    closedToOwner: decimal(closedToOwner, 'entries'),
    unusual: decimal(unusual, 'entries'),
  };
}

type Denied = Extract<ForeignOwner['denied'], { state: 'known' }>['value'];

function footprintIn(report: Report): StorageContents['worldWritable']['footprint'] {
  const [directories, files] = report.one('footprint all').split(' ');
  const digests = new Map(report.all('open-digest').map((line) => [line.split(' ')[0], line.split(' ')[1]]));
  return [
    { kind: 'directory' as const, entries: decimal(directories, 'entries'), digest: digestOf(digests.get('d')) },
    { kind: 'file' as const, entries: decimal(files, 'entries'), digest: digestOf(digests.get('f')) },
  ].filter(({ entries }) => entries > 0);
}

function umaskIn(report: Report): StorageContents['umask'] {
  const [umask] = report.all('umask');
  return umask === undefined ? null : modeOf(umask);
}

/** The counts of denied entries, from the lines `directories UID GID` and `files UID GID`. */
function denialsIn(report: Report): Fact<(pair: string) => Denied> {
  const tries = report.told('tries');
  if (tries.state !== 'known') return tries;
  const counts = new Map(
    report.all('denied').map((line) => [line.slice(0, line.lastIndexOf(' ')), decimal(line.split(' ')[3], 'denied')]),
  );
  return known((pair) => ({
    directories: counts.get(`directories ${pair}`) ?? 0,
    files: counts.get(`files ${pair}`) ?? 0,
  }));
}
