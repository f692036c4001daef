import type { NotTried } from '../row.ts';

/** What the issue of this campaign asks for and this machine can't have. */
export const NOT_TRIED: readonly NotTried[] = [
  {
    group: 'userland',
    what: 'Debian 10',
    why: 'Debian’s mirror no longer has it, and its archive can’t be reached from here.',
  },
  {
    group: 'userland',
    what: 'RHEL 7 itself (util-linux 2.23, coreutils 8.22)',
    why: 'Its packages can’t be had from here. The row above has Debian 12’s programs, which refuse the options that came later.',
  },
  {
    group: 'userland',
    what: 'Alpine itself',
    why: 'Its packages, and so busybox with musl, can’t be had from here. The rows above are Debian’s busybox, which has no flock.',
  },
];
