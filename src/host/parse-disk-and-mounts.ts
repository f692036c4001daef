import { unknown } from '../model/fact.ts';
import type { Facts } from '../model/facts.ts';

/** Reads the section `disk_and_mounts`. */
export function parseDiskAndMounts(section: Uint8Array): Pick<Facts, 'diskSpace' | 'mountSetup'> {
  void section;
  return { diskSpace: unknown('not looked at yet'), mountSetup: unknown('not looked at yet') };
}
