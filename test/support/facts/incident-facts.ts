import type { Facts } from '../../../src/model/host/facts.ts';
import { dir, factsOf, link } from './facts-builder.ts';

export const INCIDENT_ROOT = '/var/opt/gitlab/gitlab-rails/shared/registry';
export const INCIDENT_BLOCKERS = ['/data/vol1/ops', '/data/vol1/ops/disk4t'] as const;

/**
 * The incident that the product exists for: the storage path goes through a symlink to a new disk, and two directories
 * above the link's target are closed to the registry's user.
 */
export function incidentFacts(): Facts {
  return factsOf({
    storageRoot: INCIDENT_ROOT,
    nodes: [
      dir('/var/opt/gitlab'),
      link('/var/opt/gitlab/gitlab-rails', '/data/vol1/ops/disk4t/gitlab-rails'),
      dir('/data/vol1'),
      dir('/data/vol1/ops', '0750', 'root:ops'),
      dir('/data/vol1/ops/disk4t', '0700', 'root:root'),
      dir('/data/vol1/ops/disk4t/gitlab-rails', '0755', 'git:root'),
      dir('/data/vol1/ops/disk4t/gitlab-rails/shared', '0751', 'git:git'),
      dir('/data/vol1/ops/disk4t/gitlab-rails/shared/registry', '0770', 'registry:git'),
    ],
    closed: [...INCIDENT_BLOCKERS],
  });
}
