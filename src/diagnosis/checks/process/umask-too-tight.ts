import type { Check } from '../check.ts';

/**
 * The umask of the process takes from the service what it needs in its own new directories and files: distribution's
 * filesystem driver creates them with 0777 and 0666, less the umask (umask(2)). The first directory of each push is then
 * closed to the one who made it, while everything that was there before can be used (seen with distribution 2.8.2).
 */
export const umaskTooTight: Check<'umask-too-tight'> = {
  id: 'umask-too-tight',
  look({ facts, contents }) {
    const umask = contents.tightUmask;
    if (umask === null || facts.process.state !== 'known') return [];
    const { pid } = facts.process.value;
    return [{ id: 'umask-too-tight', severity: 'fault', proof: 'evaluated', path: null, pid, umask }];
  },
};
