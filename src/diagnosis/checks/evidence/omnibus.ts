import type { Facts } from '../../../model/host/facts.ts';

/** Where Omnibus keeps its data, and what is above it. */
const OMNIBUS_DATA: ReadonlySet<string> = new Set(['/var', '/var/opt', '/var/opt/gitlab']);

/**
 * Whether the registry was looked for in an Omnibus GitLab that the host doesn't have. Its process, account and address
 * are then those of another layout, so that their absence says nothing.
 */
export function lacksOmnibus({ config, paths, nodes }: Facts): boolean {
  const isSought = paths.some(({ role, path }) => role === 'config' && path.startsWith('/var/opt/gitlab/'));
  return (
    isSought &&
    config.state === 'absent' &&
    nodes.some(({ state, path }) => state === 'missing' && OMNIBUS_DATA.has(path))
  );
}
