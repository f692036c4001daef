import type { Check } from '../check.ts';

/**
 * The storage root is a symlink in a sticky directory that everyone can write to, and neither the service nor that
 * directory's owner owns it. With fs.protected_symlinks the kernel does not follow it, not even for root (EACCES;
 * proc_sys_fs(5)).
 */
export const protectedSymlink: Check<'protected-symlink'> = {
  id: 'protected-symlink',
  faultKind: 'denied',
  scope: 'each-path',
  look({ walk }) {
    return (walk?.visits ?? []).flatMap(({ step }) => {
      const { path, target, owner, reason, proof } = step;
      if (step.access !== 'denied' || reason.kind !== 'protected-symlink') return [];
      const { directory, directoryOwner } = reason;
      return [
        {
          id: 'protected-symlink' as const,
          severity: 'fault' as const,
          proof,
          path,
          target: target ?? '',
          linkOwner: owner ?? '',
          directory,
          directoryOwner,
        },
      ];
    });
  },
};
