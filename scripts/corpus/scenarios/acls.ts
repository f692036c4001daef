import type { Incident } from '../ground/layouts.ts';
import type { Scenario } from '../scenario.ts';
import { denied, incidentWith, latent, NOTHING_MADE_THERE } from './rows.ts';

type Row = readonly [name: string, permissions: Incident, groups?: readonly string[]];

/** An ACL decides: chmod would not help, or would change the access of others. */
const ROWS: readonly Row[] = [
  ['a named deny', { disk4t: '0755 root:root u:registry:---' }],
  ['a named entry without x', { disk4t: '0755 root:root u:registry:r--' }],
  ['a named deny of its group', { disk4t: '0755 root:root g:registry:---' }],
  ['a named deny of a supplementary group', { disk4t: '0755 root:root g:storage:r--' }, ['storage']],
  ['the mask takes x from its entry', { disk4t: '0755 root:root u:registry:r-x,m::r--' }],
  ['chmod g-x took x from its entry by the mask', { disk4t: '0745 root:root u:registry:r-x,m::r--' }],
  ['the mask takes x from its group’s entry', { disk4t: '0755 root:root g:registry:--x,m::r--' }],
  ['two groups, and both deny', { disk4t: '0755 root:root g:registry:---,g:storage:---' }, ['storage']],
  ['the owning group denies, beside an entry for somebody else', { disk4t: '0755 root:registry u:alice:r-x,g::---' }],
  ['everybody may not pass, beside an entry for somebody else', { disk4t: '0750 root:root u:alice:r-x' }],
  ['udisks: the disk of a desktop login', { disk4t: '0750 root:root u:alice:r-x,m::r-x,o::---' }],
  [
    'named denies on three ancestors',
    {
      vol1: '0755 root:root u:registry:---',
      ops: '0755 root:root g:registry:---',
      disk4t: '0755 root:root u:registry:rw-',
    },
  ],
  ['a named deny on the root', { root: '0770 git:git u:registry:---' }],
];

export const aclScenarios: readonly Scenario[] = [
  ...ROWS.map(([name, permissions, groups]) => denied('acl', name, incidentWith(permissions, groups))),
  ...['u:registry:r-x', 'u:registry:rwx,m::r-x'].map((entries) =>
    latent(
      NOTHING_MADE_THERE,
      denied(
        'acl',
        `the ACL of the root gives the service no w: ${entries}`,
        incidentWith({ root: `0770 git:git ${entries}` }),
      ),
    ),
  ),
  denied(
    'mixed',
    'a named deny, a mask and a closed directory',
    incidentWith({
      vol1: '0755 root:root u:registry:---',
      ops: '0755 root:root u:registry:r-x,m::r--',
      disk4t: '0700',
    }),
  ),
  denied(
    'mixed',
    'a named deny before the link, its own directory behind',
    incidentWith({
      gitlab: '0755 root:root u:registry:---',
      disk4t: '0055 registry:root',
    }),
  ),
];
