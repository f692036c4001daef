import type { Check } from '../check.ts';

/**
 * The registry reads its config once, at its start (distribution, registry.go, ServeCmd). If the file was written since,
 * the process can use another storage root, address or mode than the file names now, and nothing tells which.
 */
export const configChangedSinceStart: Check<'config-changed-since-start'> = {
  id: 'config-changed-since-start',
  inconclusive: true,
  look({ newerConfig }) {
    if (newerConfig === null) return [];
    return [{ id: 'config-changed-since-start', severity: 'warning', proof: 'evaluated', ...newerConfig }];
  },
};
