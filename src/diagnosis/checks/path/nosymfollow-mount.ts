import type { Check } from '../check.ts';

/**
 * A symlink on the path is on a mount with the option nosymfollow: it is not followed, not even for root (ELOOP;
 * mount(8)).
 */
export const nosymfollowMount: Check<'nosymfollow-mount'> = {
  id: 'nosymfollow-mount',
  faultKind: 'denied',
  scope: 'each-path',
  look({ walk }) {
    return (walk?.visits ?? []).flatMap(({ step }) => {
      const { path, target, reason, proof } = step;
      if (step.access !== 'denied' || reason.kind !== 'nosymfollow') return [];
      const { mountPoint } = reason;
      return [
        {
          id: 'nosymfollow-mount' as const,
          severity: 'fault' as const,
          proof,
          path,
          target: target ?? '',
          mountPoint,
        },
      ];
    });
  },
};
