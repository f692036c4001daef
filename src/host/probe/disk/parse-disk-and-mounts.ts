import { type Fact, known, knownValue, unknown } from '../../../model/fact.ts';
import type { DiskSpace, FstabEntry, MountEntry, MountSetup } from '../../../model/host/disk.ts';
import type { Facts, PathNode } from '../../../model/host/facts.ts';
import { HostPath } from '../../../model/host/host-path.ts';
import { withoutTrailingSlashes } from '../../../model/settings/trailing-slashes.ts';
import { decimal } from '../../frame/field-values.ts';
import { bytesOf, textOf } from '../../frame/latin1.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';
import { SectionFacts } from '../../frame/section-facts.ts';
import { unescaped } from '../place/parse-mounts.ts';
import { parseModeResets } from './parse-mode-resets.ts';
import { parseMountUnits } from './parse-mount-units.ts';

type DiskAndMounts = Pick<Facts, 'diskSpace' | 'mountSetup'> & {
  /** Free space where the paths inside the storage end, by the path's number. */
  readonly innerSpaces: ReadonlyMap<number, Fact<DiskSpace>>;
};

/** Facts from other parts of the output, which decide which lines of this section matter. */
type SectionContext = {
  readonly nodes: readonly PathNode[];
  readonly mounts: Fact<readonly MountEntry[]>;
  readonly storageRoot: Fact<HostPath>;
  readonly bootedAt: Fact<number>;
};

/** Block devices by the path that stat(1) was given. */
type Devices = ReadonlyMap<string, string>;

const MAX_RESETS = 64;
const BY_UUID = '/dev/disk/by-uuid/';

/**
 * Parses the section `disk_and_mounts`.
 *
 * @throws MalformedOutput
 */
export function parseDiskAndMounts(section: Uint8Array, context: SectionContext): DiskAndMounts {
  // One character per byte, so that escapes are decoded on bytes. Kept values are then converted to text.
  const lines = Buffer.from(section).toString('latin1').split('\n');
  const told = new SectionFacts(lines.map(textOf));
  const list = <T>(name: string, parse: () => T): Fact<T> => listIn(told, lines, name, parse);
  const fstab = list('fstab', () => valuesOf(lines, 'fstab-entry ').flatMap(fstabEntry));
  const devices = parseDevices(valuesOf(lines, 'device '));
  return {
    diskSpace: spaceOf(told, 'space'),
    innerSpaces: innerSpacesIn(told, lines),
    mountSetup: known({
      fstab,
      units: list('units', () => parseMountUnits(unitLines(lines), context.bootedAt)),
      resets: resetsOf(told, lines, context),
      uuids: list('uuids', () => uuidsOf(devices)),
      devices: known(devicesOf(devices, sourcesOf(fstab, context.mounts))),
    }),
  };
}

/**
 * A list in the section. Its fact is a line of its own, and each entry another. The list is complete if its end was
 * sent.
 */
function listIn<T>(told: SectionFacts, lines: readonly string[], name: string, parse: () => T): Fact<T> {
  const fact = told.told(name);
  if (fact !== undefined && fact.state !== 'known') return fact;
  return isWhole(lines, name) ? known(parse()) : CUT;
}

const CUT = unknown('cut-short');

function isWhole(lines: readonly string[], name: string): boolean {
  const begun = lines.filter((line) => line === `${name}{`).length;
  return begun > 0 && begun === lines.filter((line) => line === `${name}}`).length;
}

function valuesOf(lines: readonly string[], start: string): string[] {
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
}

/** Free space from the lines `space-of-NUMBER`. */
function innerSpacesIn(told: SectionFacts, lines: readonly string[]): ReadonlyMap<number, Fact<DiskSpace>> {
  const numbers = lines.flatMap((line) => /^space-of-(\d+) /.exec(line)?.[1] ?? []);
  return new Map(numbers.map((number) => [decimal(number, 'path'), spaceOf(told, `space-of-${number}`)]));
}

function spaceOf(facts: SectionFacts, name: string): Fact<DiskSpace> {
  const told = facts.told(name) ?? CUT;
  if (told.state !== 'known') return told;
  const [blockSize = 0, blocks = 0, availableBlocks = 0, inodes = 0, availableInodes = 0] = told.value
    .split(' ')
    .map((number) => decimal(number, 'room on the disk'));
  return known({
    sizeBytes: blockSize * blocks,
    availableBytes: blockSize * availableBlocks,
    inodes,
    availableInodes,
  });
}

/** The entry of an fstab line. A line without a mount point (swap) has none. */
function fstabEntry(line: string): FstabEntry[] {
  const [source = '', where = '', filesystem = '', options = ''] = line.split(' ').map(unescaped);
  const mountPoint = HostPath.safeParse(withoutTrailingSlashes(where));
  if (!mountPoint.success) return [];
  return [{ source, mountPoint: mountPoint.data, filesystem, options: options.split(',') }];
}

function unitLines(lines: readonly string[]): (string | null)[] {
  return lines.flatMap((line) => {
    if (line === 'unit.') return [null];
    return line.startsWith('unit ') ? [textOf(line.slice('unit '.length))] : [];
  });
}

function resetsOf(
  told: SectionFacts,
  lines: readonly string[],
  { nodes, storageRoot }: SectionContext,
): MountSetup['resets'] {
  if (storageRoot.state !== 'known') return known([]);
  // The boot-time rules come in several lists, and the last list might be cut off before its beginning.
  if (!lines.includes('end')) return CUT;
  const resets = listIn(told, lines, 'resets', () =>
    parseModeResets(valuesOf(lines, 'reset\t').map(textOf), { nodes, storageRoot: storageRoot.value }),
  );
  if (resets.state !== 'known' || resets.value.length <= MAX_RESETS) return resets;
  return unknown({ code: 'too-many-resets', detail: String(MAX_RESETS) });
}

/**
 * The device numbers in lines of `MAJOR:MINOR MODE PATH`, in hexadecimal as stat(1) prints them. Only block devices
 * count.
 */
function parseDevices(lines: readonly string[]): Devices {
  const devices = new Map<string, string>();
  for (const line of lines) {
    const [, major, minor, mode, path] = /^([0-9a-f]+):([0-9a-f]+) ([0-9a-f]+) (.*)$/.exec(line) ?? [];
    if (major === undefined || minor === undefined || mode === undefined || path === undefined) {
      throw new MalformedOutput('unreadable', 'device');
    }
    if ((Number.parseInt(mode, 16) & 0o170_000) !== 0o060_000) continue;
    devices.set(path, `${Number.parseInt(major, 16)}:${Number.parseInt(minor, 16)}`);
  }
  return devices;
}

function uuidsOf(devices: Devices): Record<string, string> {
  const byNumber = new Map(
    [...devices].flatMap(([path, number]): [string, string][] =>
      path.startsWith(BY_UUID) ? [[number, path.slice(BY_UUID.length)]] : [],
    ),
  );
  return Object.fromEntries(
    [...devices].flatMap(([path, number]): [string, string][] => {
      const uuid = byNumber.get(number);
      return uuid === undefined || path.startsWith('/dev/disk/') ? [] : [[textOf(path), textOf(uuid)]];
    }),
  );
}

function sourcesOf(fstab: Fact<FstabEntry[]>, mounts: SectionContext['mounts']): string[] {
  const entries = knownValue(fstab) ?? [];
  const mounted = knownValue(mounts) ?? [];
  return [...entries, ...mounted].map(({ source }) => source);
}

function devicesOf(devices: Devices, sources: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    sources.flatMap((source): [string, string][] => {
      const number = devices.get(deviceLink(bytesOf(source)));
      return number === undefined ? [] : [[source, number]];
    }),
  );
}

const LINKS_BY_TAG: Readonly<Record<string, string>> = {
  UUID: BY_UUID,
  LABEL: '/dev/disk/by-label/',
  PARTUUID: '/dev/disk/by-partuuid/',
  PARTLABEL: '/dev/disk/by-partlabel/',
};

/**
 * The symlink that udev creates for a tag of fstab(5), in latin1. Unsafe characters of a label are written `\xHH` in
 * it.
 */
function deviceLink(source: string): string {
  const [, tag = '', value = ''] = /^([A-Z]+)="?([^"]*)"?$/.exec(source) ?? [];
  const directory = LINKS_BY_TAG[tag];
  if (directory === undefined) return source;
  const encoded = value.replace(/[^\w#+\-.:=@\u0080-\u00ff]/g, (character) => {
    return `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
  });
  return directory + encoded;
}
