import { type Fact, known, unknown } from '../../../model/fact.ts';
import type { MountUnit } from '../../../model/host/disk.ts';
import { HostPath } from '../../../model/host/host-path.ts';

type Properties = Readonly<Record<string, string>>;

/**
 * Parses mount and automount units from the properties that `systemctl show` prints (`org.freedesktop.systemd1(5)`):
 * one `NAME=VALUE` per line, and `null` at the end of a unit.
 *
 * @param bootedAt turns systemd's times since the boot into times of day
 */
export function parseMountUnits(lines: readonly (string | null)[], bootedAt: Fact<number>): MountUnit[] {
  const units: MountUnit[] = [];
  let properties: Record<string, string> = {};
  for (const line of lines) {
    if (line !== null) {
      const name = line.slice(0, Math.max(line.indexOf('='), 0));
      properties[name] = line.slice(name.length + 1);
      continue;
    }
    const unit = unitFrom(properties, bootedAt);
    if (unit !== null) units.push(unit);
    properties = {};
  }
  return units;
}

/** The mount unit with these properties. Null: they are not of a unit, or it has no mount point. */
function unitFrom(properties: Properties, bootedAt: Fact<number>): MountUnit | null {
  const { Id: unit = '', Where = '', What: what = '', ActiveState: activeState = '', Result: result = '' } = properties;
  const where = HostPath.safeParse(Where);
  if (unit === '' || activeState === '' || !where.success) return null;
  const definedIn = properties['SourcePath'] || properties['FragmentPath'] || '';
  return {
    unit,
    where: where.data,
    what,
    activeState,
    result,
    definedIn,
    enabled: isStartedAtBoot(properties),
    activeSince: activeSince(properties['ActiveEnterTimestampMonotonic'] ?? '', bootedAt),
  };
}

/**
 * Whether systemd starts the unit at each boot. A unit that systemd made from the mount table has no file and vanishes
 * with its mount.
 */
function isStartedAtBoot({ FragmentPath = '', SourcePath = '', UnitFileState, WantedBy, RequiredBy }: Properties) {
  if (FragmentPath === '' || SourcePath === '/etc/fstab') return false;
  return UnitFileState === 'enabled' || Boolean(WantedBy) || Boolean(RequiredBy);
}

function activeSince(microseconds: string, bootedAt: Fact<number>): Fact<number> {
  if (bootedAt.state !== 'known') return unknown('boot-time-unknown');
  if (!/^[1-9]\d{0,17}$/.test(microseconds)) return unknown('systemd-silent');
  return known(bootedAt.value + Math.floor(Number(microseconds) / 1_000_000));
}
