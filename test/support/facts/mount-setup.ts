import { absent, type Fact, known, unknown } from '../../../src/model/fact.ts';
import { FstabEntry, type ModeReset, MountSetup, MountUnit } from '../../../src/model/host/disk.ts';

type MountSetupParts = {
  readonly fstab?: readonly FstabEntry[];
  readonly units?: Fact<MountUnit[]>;
  readonly resets?: readonly ModeReset[];
  readonly uuids?: Readonly<Record<string, string>>;
  readonly devices?: Readonly<Record<string, string>>;
};

/** What a host without systemd is set up to mount: only what is named. */
export function mountSetupOf(parts: MountSetupParts = {}): Fact<MountSetup> {
  return known(
    MountSetup.parse({
      fstab: known(parts.fstab ?? []),
      units: parts.units ?? absent,
      resets: known(parts.resets ?? []),
      uuids: known(parts.uuids ?? {}),
      devices: known(parts.devices ?? {}),
    }),
  );
}

/** `UUID=1 /data ext4 defaults`, as fstab(5) has it. */
export function fstabLine(line: string): FstabEntry {
  const [source, mountPoint, filesystem, options = 'defaults'] = line.split(' ');
  return FstabEntry.parse({ source, mountPoint, filesystem, options: options.split(',') });
}

/** A mount unit of a unit file in /etc, running, and enabled. */
export function mountUnit(of: Partial<MountUnit> & { where: MountUnit['where'] }): MountUnit {
  const unit = `${of.where.slice(1).replaceAll('/', '-')}.mount`;
  return MountUnit.parse({
    unit,
    what: '/dev/sdb1',
    activeState: 'active',
    result: 'success',
    definedIn: `/etc/systemd/system/${unit}`,
    enabled: true,
    activeSince: unknown('not-asked'),
    ...of,
  });
}
