import type { Place } from '../ground/layouts.ts';
import type { Scenario } from '../scenario.ts';
import { denied, deniedForGood, incidentWith } from './rows.ts';

const PLACES: readonly Place[] = ['gitlab', 'data', 'vol1', 'ops', 'disk4t', 'target', 'shared'];

/** Directories on the path that the service can't pass. */
export const ancestorScenarios: readonly Scenario[] = [
  // Each directory of the incident's path, closed in every way that leaves others without x.
  ...PLACES.flatMap((place) =>
    ['0750', '0700', '0754', '1770'].map((mode) =>
      denied('ancestor', `${place} is ${mode} of root`, incidentWith({ [place]: `${mode} root:root` })),
    ),
  ),
  // Only the owner's class decides, however open the others are.
  ...['0055', '0011', '0455', '0655', '0200'].map((mode) =>
    denied('ancestor', `its own directory, ${mode}`, incidentWith({ disk4t: `${mode} registry:registry` })),
  ),
  ...['0705', '0745', '0701', '2705'].map((mode) =>
    denied('ancestor', `a directory of its group, ${mode}`, incidentWith({ disk4t: `${mode} root:registry` })),
  ),
  ...['0705', '0745', '0701'].map((mode) =>
    denied(
      'ancestor',
      `a directory of a supplementary group, ${mode}`,
      incidentWith({ disk4t: `${mode} root:storage` }, ['storage']),
    ),
  ),
  {
    ...denied(
      'ancestor',
      '/etc/group names it, the process has no such group',
      incidentWith({ disk4t: '0750 root:helpers' }),
    ),
    overSsh: true,
  },
  deniedForGood(
    'ancestor',
    'its own world-writable directory without x, which no plan leaves so',
    incidentWith({ disk4t: '0077 registry:root' }),
  ),
  deniedForGood(
    'ancestor',
    'a world-writable directory that its group may not pass',
    incidentWith({ disk4t: '0767 root:registry' }),
  ),
  {
    ...denied('mixed', 'ops and disk4t, as in the incident', incidentWith({ ops: '0750 root:ops', disk4t: '0700' })),
    overSsh: true,
  },
  denied(
    'mixed',
    'every directory below data',
    incidentWith({ vol1: '0700', ops: '0700', disk4t: '0700', target: '0700 git:git' }),
  ),
  denied('mixed', 'before and behind the link', incidentWith({ gitlab: '0750', disk4t: '0750' })),
  denied(
    'mixed',
    'one by its owner class, one by everybody',
    incidentWith({ ops: '0055 registry:root', disk4t: '0750' }),
  ),
  denied(
    'mixed',
    'one by its group class, one by everybody',
    incidentWith({ ops: '0705 root:registry', disk4t: '0750' }),
  ),
  denied(
    'mixed',
    'all three classes',
    incidentWith({ vol1: '0055 registry:root', ops: '0705 root:registry', disk4t: '0770' }),
  ),
  denied('mixed', 'an ancestor and the root itself', incidentWith({ ops: '0750', root: '0550 registry:git' })),
  denied(
    'mixed',
    'a supplementary group and everybody',
    incidentWith({ vol1: '0701 root:storage', target: '0750 git:git' }, ['storage']),
  ),
];
