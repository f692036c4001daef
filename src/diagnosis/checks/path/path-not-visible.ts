import type { Check } from '../check.ts';

/**
 * The probe's own login was denied a directory on the path, so everything behind it is unknown and not called healthy.
 */
export const pathNotVisible: Check<'path-not-visible'> = {
  id: 'path-not-visible',
  inconclusive: true,
  scope: 'each-path',
  consequenceOf: ['stale-handle', 'mount-options-deny'],
  look({ walk }) {
    if (walk?.end.kind !== 'unseen') return [];
    const { path, why } = walk.end;
    return [{ id: 'path-not-visible', severity: 'warning', proof: 'unproven', path, why }];
  },
};
