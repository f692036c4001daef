/**
 * What no scenario can build on an ordinary machine. Printed with every report, so that it is not mistaken for proven.
 */
export const NOT_BUILDABLE: readonly { readonly cause: string; readonly why: string }[] = [
  { cause: 'SELinux or AppArmor denies', why: 'it takes a kernel with the module switched on' },
  { cause: 'NFS with root_squash, a stale NFS handle', why: 'it takes a server of its own' },
  { cause: 'remounted read-only by a failing disk', why: 'the remount is built, the failing disk is not' },
  {
    cause: 'a FUSE or NTFS disk of a desktop login',
    why: 'it takes their drivers; a tmpfs of another owner stands in',
  },
  { cause: 'a restart of the machine', why: 'it takes one; only the state after it is built' },
];
