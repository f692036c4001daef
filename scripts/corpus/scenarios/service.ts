import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '../../../test/support/services/free-port.ts';
import type { Ground } from '../ground/ground.ts';
import { type Incident, incident, placeOf } from '../ground/layouts.ts';
import { untilLogged } from '../ground/registry.ts';
import type { Scenario } from '../scenario.ts';
import { built, denied, healthy, incidentWith } from './rows.ts';

/** The storage is sound and the registry is not, or someone has hidden the fault. */
export const serviceScenarios: readonly Scenario[] = [...notRunning(), ...settings(), ...backends(), ...falseFixes()];

function notRunning(): readonly Scenario[] {
  const down = { state: 'down' } as const;
  const truth = { findings: ['service-not-running'], plan: 'none' } as const;
  return [
    built('not-running', 'nobody has started it', truth, (ground) => ({ ...incident(ground), registry: down })),
    built('not-running', 'it was killed', truth, (ground) => ({
      ...incident(ground),
      onceRunning: async ({ child }) => {
        if (child === null) return;
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      },
    })),
    built('not-running', 'it ended at its start: an auth that is none', truth, (ground) => ({
      ...incident(ground),
      registry: { state: 'ends', config: { auth: { 'no-such-auth': { realm: 'r' } } } },
    })),
    denied('mixed', 'it is down, and an ancestor is closed besides', (ground) => ({
      ...incident(ground, { ops: '0750' }),
      registry: down,
    })),
    {
      ...built(
        'port-taken',
        'another program listens on its port',
        { findings: ['port-taken'], plan: 'none' },
        async (ground) => {
          const port = await freePort();
          const server = createServer((socket) =>
            socket.end('HTTP/1.0 404 Not Found\r\n\r\n<html>Not here</html>\n'),
          ).listen(port, '127.0.0.1');
          await once(server, 'listening');
          ground.atEnd(() => server.close());
          return { ...incident(ground), registry: { state: 'ends', address: `127.0.0.1:${port}` } };
        },
      ),
      overSsh: true,
    },
    built(
      'port-taken',
      'a program that says nothing has its port',
      { findings: ['port-taken'], plan: 'none' },
      async (ground) => {
        const port = await freePort();
        const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
        await once(server, 'listening');
        ground.atEnd(() => server.close());
        return { ...incident(ground), registry: { state: 'ends', address: `127.0.0.1:${port}` } };
      },
    ),
  ];
}

function settings(): readonly Scenario[] {
  const readOnly = { config: { storage: { maintenance: { readonly: { enabled: true } } } } };
  return [
    built(
      'maintenance',
      'maintenance mode refuses each push',
      { findings: ['maintenance-mode'], plan: 'none' },
      (ground) => ({
        ...incident(ground),
        registry: readOnly,
      }),
    ),
    {
      ...denied('mixed', 'maintenance mode, and an ancestor is closed', (ground) => ({
        ...incident(ground, { ops: '0750' }),
        refusesPushes: true,
        registry: readOnly,
      })),
    },
  ];
}

/** What the registry depends on, beside its disk. */
function backends(): readonly Scenario[] {
  const s3 = {
    s3: {
      region: 'us-east-1',
      bucket: 'images',
      accesskey: 'k',
      secretkey: 's',
      regionendpoint: 'http://127.0.0.1:9',
      v4auth: true,
    },
    filesystem: null,
  };
  return [
    built(
      'backend',
      'object storage that does not answer',
      { findings: ['object-storage-failing'], plan: 'none' },
      (ground) => ({
        ...incident(ground),
        registry: { config: { storage: s3 } },
        onceRunning: (registry) => untilLogged(registry, 'dial tcp 127.0.0.1:9').catch(() => {}),
      }),
    ),
    built(
      'backend',
      'redis that does not answer',
      { findings: ['redis-unreachable'], verdict: 'healthy', plan: 'none' },
      (ground) => ({
        ...incident(ground),
        registry: { config: { redis: { addr: '127.0.0.1:9' }, storage: { cache: { blobdescriptor: 'redis' } } } },
        onceRunning: async (registry) => {
          await fetch(`http://${registry.address}/v2/group/app/blobs/sha256:${'0'.repeat(64)}`);
          await untilLogged(registry, 'redis');
        },
      }),
    ),
    built(
      'backend',
      'the host’s clock is an hour ahead',
      { findings: ['clock-skew'], verdict: 'healthy', plan: 'none' },
      (ground) => ({
        ...incident(ground),
        clockAheadSeconds: 3600,
      }),
    ),
    healthy('the host’s clock is ten seconds ahead', (ground) => ({ ...incident(ground), clockAheadSeconds: 10 })),
  ];
}

/** What people do before they find the cause. */
function falseFixes(): readonly Scenario[] {
  const off = { healthCheck: false };
  const everybody = (ground: Ground, permissions: Incident = {}) => {
    const scene = incident(ground, permissions);
    ground.open(placeOf('root'));
    return scene;
  };
  return [
    built(
      'health-off',
      'switched off, and nothing else',
      { findings: ['health-check-off'], verdict: 'healthy', plan: 'none' },
      (ground) => ({
        ...incident(ground),
        registry: off,
      }),
    ),
    ...(['0750', '0700'] as const).map((mode) =>
      denied('health-off', `switched off, and hides an ancestor of ${mode}`, (ground) => ({
        ...incident(ground, { ops: mode, disk4t: mode }),
        registry: off,
      })),
    ),
    denied('health-off', 'switched off, and hides a root of another owner', (ground) => ({
      ...incident(ground, { root: '0700 git:git' }),
      registry: off,
    })),
    built(
      'health-off',
      'switched off, and hides a dangling link',
      { findings: ['dangling-link'], plan: 'none' },
      (ground) => ({
        at: ground.link('var/opt/gitlab/gitlab-rails', ground.at('data/gone')),
        storageRoot: ground.at('var/opt/gitlab/gitlab-rails/shared/registry'),
        identity: ground.accounts.service(),
        registry: off,
      }),
    ),
    built(
      'world-writable',
      'chmod -R 777 on the root, on a sound host',
      { findings: ['world-writable-storage'], verdict: 'healthy', plan: 'mends' },
      (ground) => ({
        ...everybody(ground),
      }),
    ),
    denied('world-writable', 'chmod -R 777 on the root, and the ancestor is closed as before', (ground) =>
      everybody(ground, { ops: '0750' }),
    ),
    denied(
      'world-writable',
      'chmod -R 777, the group in /etc/group, health switched off: and still two are closed',
      (ground) => ({
        ...everybody(ground, { ops: '0750 root:helpers', disk4t: '0700' }),
        registry: off,
      }),
    ),
    healthy('one world-writable sticky directory on the way', incidentWith({ data: '1777' })),
  ];
}
