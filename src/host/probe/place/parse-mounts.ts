import type { MountEntry } from '../../../model/host/facts.ts';
import { HostPath, textFromBytes } from '../../../model/host/host-path.ts';
import { decimal } from '../../frame/field-values.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';

/**
 * Lines of `ID PARENT MAJOR:MINOR ROOT MOUNTPOINT OPTIONS FILESYSTEM SOURCE SUPEROPTIONS`, escaped as in
 * proc_pid_mountinfo(5). A mount's own options come first, then those of its filesystem. A disk that an error made
 * read-only shows it only in the latter.
 */
export function parseMounts(output: Uint8Array): MountEntry[] {
  return Buffer.from(output)
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map(parseMount);
}

function parseMount(line: string): MountEntry {
  const [id, parent, device, root, mountPoint, options, filesystem, source, superOptions = ''] = line
    .split(' ')
    .map(unescaped);
  if (
    root === undefined ||
    device === undefined ||
    mountPoint === undefined ||
    options === undefined ||
    filesystem === undefined ||
    source === undefined
  ) {
    throw new MalformedOutput('unreadable', 'mounts');
  }
  const all = [...options.split(','), ...superOptions.split(',')].filter((option) => option !== '');
  return {
    mountPoint: HostPath.parse(mountPoint),
    filesystem,
    source,
    options: [...new Set(all)],
    id: decimal(id, 'mount id'),
    parent: decimal(parent, 'id of the parent mount'),
    device,
    root,
  };
}

/** Decodes the `\ooo` of mount tables and fstab(5), as text. */
export function unescaped(field: string): string {
  const decoded = field.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return textFromBytes(Buffer.from(decoded, 'latin1'));
}
