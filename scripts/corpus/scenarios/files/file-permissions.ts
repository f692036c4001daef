import { readFileSync } from 'node:fs';
import type { Ground } from '../../ground/ground.ts';
import { incident } from '../../ground/layouts.ts';
import type { RegistryChoice, Scenario, Scene } from '../../scenario.ts';
import { built, healthy } from '../rows.ts';
import { configFile, htpasswd, unusable, unusableForGood, unusableFromNowOn, usable, using } from './file-layout.ts';

/** The password file, and the config itself. */
export const filePermissionScenarios: readonly Scenario[] = [...passwords(), ...passwordsLater(), ...configs()];

function passwords(): readonly Scenario[] {
  const below = (ground: Ground, directory: string, file = '0640 root:registry') => {
    const beside = htpasswd(ground, file);
    ground.permit('auth', directory);
    return beside;
  };
  const linked = (ground: Ground, end: string, permissions: string) => {
    const beside = htpasswd(ground, permissions, 'secrets/versions/3/htpasswd', 'auth/htpasswd');
    ground.link('auth/htpasswd', '../secrets/current/htpasswd');
    ground.link('secrets/current', 'versions/3');
    ground.permit('secrets/versions', end);
    return beside;
  };
  const overridden = (ground: Ground, told: string, overriding: string) => {
    htpasswd(ground, told);
    const { files, client = {} } = htpasswd(ground, overriding, 'auth/other');
    const { config = {} } = htpasswd(ground, null);
    return { files, client, config, environment: { REGISTRY_AUTH_HTPASSWD_PATH: ground.at('auth/other') } };
  };
  return [
    unusable('the password file is root’s own', (ground) => htpasswd(ground, '0600 root:root')),
    unusable('the password file is of a group that it is not in', (ground) => htpasswd(ground, '0640 root:ops')),
    unusable('the password file is its own, without r for its owner', (ground) =>
      htpasswd(ground, '0044 registry:root'),
    ),
    unusable('the password file lies in a closed directory', (ground) => below(ground, '0700')),
    unusable('the mask of the password file takes r from the service’s entry', (ground) =>
      htpasswd(ground, '0600 root:root u:registry:r--,m::---'),
    ),
    unusable('the password file is behind a chain of links, closed at its end', (ground) =>
      linked(ground, '0750', '0640 root:registry'),
    ),
    unusable('the password file behind a chain of links is root’s own', (ground) =>
      linked(ground, '0755', '0600 root:root'),
    ),
    // Only its last log lines name the file then, and anyone can have written them: no plan follows from a log.
    unusableForGood('its environment names another password file, which is root’s own', (ground) =>
      overridden(ground, '0640 root:registry', '0600 root:root'),
    ),
    // Its creator decides who owns it. Write permission there would be more than the registry needs.
    unusableForGood('the password file is not there, and its directory is root’s', (ground) => {
      ground.dir('auth');
      return htpasswd(ground, null);
    }),
    // It can be opened, so the registry starts. It can't be read, so no one can log in.
    built(
      'file',
      'the password file is a directory',
      { findings: ['file-unusable'], verdict: ['faulty', 'inconclusive'], plan: 'none' },
      (ground) => {
        ground.dir('auth/htpasswd', '0755 registry:registry');
        return using(ground, htpasswd(ground, null));
      },
    ),
    usable('the password file is readable to its group', (ground) => htpasswd(ground, '0640 root:registry')),
    usable('the password file is its own alone', (ground) => htpasswd(ground, '0400 registry:registry')),
    usable('the password file has an entry for the service', (ground) =>
      htpasswd(ground, '0600 root:root u:registry:r--'),
    ),
    usable('the password file is behind a chain of links', (ground) => linked(ground, '0711', '0640 root:registry')),
    usable('the password file lies in a directory that it may pass and not list', (ground) =>
      below(ground, '0710 root:registry'),
    ),
    usable('its environment names a password file of its own, and the config one of root’s', (ground) =>
      overridden(ground, '0600 root:root', '0400 registry:registry'),
    ),
    healthy('the password file is root’s own, and so is the registry', (ground) => ({
      ...using(ground, htpasswd(ground, '0600 root:root')),
      identity: ground.accounts.service('root'),
    })),
    healthy('the password file is not there, and the registry makes one', (ground) => {
      ground.dir('auth', '0750 root:registry u:registry:rwx');
      const { client, ...beside } = htpasswd(ground, null);
      const scene = using(ground, beside);
      return {
        ...scene,
        // It logs the account that it has created: the only access.
        onceRunning: ({ client: made, logFile }) => {
          const log = readFileSync(logFile, 'utf8');
          const field = (name: string) => new RegExp(`\\b${name}="?([^\\s"]+)`).exec(log)?.[1] ?? '';
          made.logIn(field('user'), field('password'));
        },
      };
    }),
  ];
}

/** The registry checks the file at each request, and reads it again once it has changed. */
function passwordsLater(): readonly Scenario[] {
  return [
    built(
      'file',
      'the directory of the password file was closed after the start',
      { findings: ['file-unusable'], plan: 'cures' },
      (ground) => ({
        ...using(ground, htpasswd(ground, '0640 root:registry')),
        onceRunning: async ({ client }) => {
          await client.status();
          ground.permit('auth', '0700');
        },
      }),
    ),
    unusableFromNowOn('the password file was closed after the start', (ground) => ({
      ...using(ground, htpasswd(ground, '0640 root:registry')),
      onceRunning: async ({ client }) => {
        await client.status();
        ground.permit('auth/htpasswd', '0600 root:root');
      },
    })),
  ];
}

function configs(): readonly Scenario[] {
  const config = (ground: Ground, directory: string, choice: RegistryChoice): Scene => {
    ground.dir('etc/registry', directory);
    return { ...incident(ground), files: [configFile(ground)], registry: choice };
  };
  const unreadable = (name: string, directory: string, configPermissions: string) =>
    built('file', name, { findings: ['file-unusable'], plan: 'cures', never: ['storage-empty'] }, (ground) =>
      config(ground, directory, { configPermissions, state: 'ends', log: 'usual' }),
    );
  const readable = (name: string, directory: string, configPermissions: string) =>
    healthy(name, (ground) => config(ground, directory, { configPermissions }));
  return [
    unreadable('the config is root’s own', '0755', '0600 root:root'),
    unreadable('the config is root’s, written with a umask of 027', '0755', '0640 root:root'),
    unreadable('the directory of the config is closed', '0700', '0644'),
    unreadable('the directory of the config is another group’s', '2770 git:git', '0644'),
    readable('the config is readable to its group', '0755', '0640 root:registry'),
    readable('the config is its own, in a directory of its group', '2770 registry:git', '0600 registry:registry'),
    readable('the config has an entry for the service', '0711', '0600 root:root u:registry:r--'),
    unusableFromNowOn('the config was closed after the start', (ground) => ({
      ...config(ground, '0755', {}),
      onceRunning: () => ground.permit('etc/registry/config.yml', '0600 root:root'),
    })),
  ];
}
