import type { Ground } from '../../ground/ground.ts';
import { incident } from '../../ground/layouts.ts';
import type { Scenario } from '../../scenario.ts';
import { built, healthy } from '../rows.ts';
import {
  certificateFile,
  htpasswd,
  keyFile,
  tls,
  tokenAuth,
  trust,
  unasked,
  unixSocket,
  unusable,
  unusableForGood,
  unusableFromNowOn,
  usable,
  using,
} from './file-layout.ts';

/** Certificates, tokens, sockets: what the registry needs to start beside its storage, its config and its passwords. */
export const fileScenarios: readonly Scenario[] = [
  ...certificates(),
  ...clientCertificates(),
  ...tokens(),
  ...places(),
];

/** As certbot creates them: the live names are symlinks into the archive, and both directories are only root's. */
function letsencrypt(ground: Ground, live: string, archive: string, keyPermissions = '0640 root:registry') {
  const at = (place: string) => `letsencrypt/${place}/registry.example.com`;
  certificateFile(ground, '0644', `${at('archive')}/fullchain1.pem`);
  keyFile(ground, keyPermissions, `${at('archive')}/privkey1.pem`);
  ground.link(`${at('live')}/fullchain.pem`, '../../archive/registry.example.com/fullchain1.pem');
  ground.link(`${at('live')}/privkey.pem`, '../../archive/registry.example.com/privkey1.pem');
  ground.permit('letsencrypt/live', live);
  ground.permit('letsencrypt/archive', archive);
  return tls(ground, { key: `${at('live')}/privkey.pem`, certificate: `${at('live')}/fullchain.pem` });
}

function certificates(): readonly Scenario[] {
  const pair = (ground: Ground, key: string, certificate = '0644') => {
    keyFile(ground, key);
    certificateFile(ground, certificate);
    return tls(ground);
  };
  const overridden = (ground: Ground, told: string, overriding: string) => {
    keyFile(ground, told);
    keyFile(ground, overriding, 'tls/other.pem');
    certificateFile(ground);
    const { files, ...beside } = tls(ground);
    const [certificate] = files;
    const key = { path: ground.at('tls/other.pem'), use: 'read', secret: true } as const;
    return {
      ...beside,
      files: certificate ? [certificate, key] : [key],
      environment: { REGISTRY_HTTP_TLS_KEY: key.path },
    };
  };
  return [
    unusable('certbot’s live and archive directories are closed', (ground) => letsencrypt(ground, '0700', '0700')),
    unusable('certbot’s archive directory is closed, behind the links', (ground) =>
      letsencrypt(ground, '0755', '0700'),
    ),
    usable('certbot’s directories are passable, and the key is the group’s', (ground) =>
      letsencrypt(ground, '0711', '0711'),
    ),
    unusable('the key is root’s own', (ground) => pair(ground, '0600 root:root')),
    unusable('the key is another account’s own', (ground) => pair(ground, '0600 alice:alice')),
    unusable('the key is of a group that it is not in', (ground) => pair(ground, '0640 root:ops')),
    unusable('the certificate is root’s own', (ground) => pair(ground, '0600 registry:registry', '0600 root:root')),
    unusable('the mask of the key takes r from the service’s entry', (ground) =>
      pair(ground, '0600 root:root u:registry:r--,m::---'),
    ),
    unusableForGood('the key is a link to what is gone', (ground) => {
      ground.link('tls/key.pem', '../keys/gone.pem');
      certificateFile(ground);
      return tls(ground);
    }),
    usable('the key has an entry for the service', (ground) => pair(ground, '0600 root:root u:registry:r--')),
    usable('the key is readable to the service’s group', (ground) => pair(ground, '0640 root:registry')),
    usable('the key is the service’s own, and nobody else reads it', (ground) =>
      pair(ground, '0400 registry:registry'),
    ),
    healthy('keys of others beside its own are closed', (ground) => {
      keyFile(ground, '0600 root:root', 'tls/unused.pem');
      return using(ground, pair(ground, '0400 registry:registry'));
    }),
    unusableForGood('its environment names another key, which is root’s own', (ground) =>
      overridden(ground, '0400 registry:registry', '0600 root:root'),
    ),
    usable('its environment names its own key, and the config one of root’s', (ground) =>
      overridden(ground, '0600 root:root', '0400 registry:registry'),
    ),
    unusableFromNowOn('the key was closed after the start', (ground) => {
      const scene = using(ground, pair(ground, '0640 root:registry'));
      return { ...scene, onceRunning: () => ground.permit('tls/key.pem', '0600 root:root') };
    }),
  ];
}

function clientCertificates(): readonly Scenario[] {
  const withClients = (ground: Ground, permissions: string) => {
    keyFile(ground);
    certificateFile(ground);
    certificateFile(ground, permissions, 'tls/clients.pem');
    const beside = tls(ground);
    const path = ground.at('tls/clients.pem');
    const { key, certificate } = ground.prepared.keyPair;
    return {
      files: [...beside.files, { path, use: 'read' } as const],
      config: {
        http: {
          tls: { key: ground.at('tls/key.pem'), certificate: ground.at('tls/certificate.pem'), clientcas: [path] },
        },
      },
      client: { tls: { ...trust(ground), key, cert: certificate } },
    };
  };
  return [
    unusable('the authority for clients is not readable', (ground) => withClients(ground, '0600 root:root')),
    unasked('clients show certificates', (ground) => withClients(ground, '0644')),
  ];
}

function tokens(): readonly Scenario[] {
  const bundle = (ground: Ground, permissions: string, above = '0755') => {
    certificateFile(ground, permissions, 'auth/bundle.crt');
    ground.permit('auth', above);
    return tokenAuth(ground);
  };
  return [
    unusable('the token certificate is root’s own', (ground) => bundle(ground, '0600 root:root')),
    unusable('the token certificate lies in a closed directory', (ground) => bundle(ground, '0644', '0700')),
    unusableForGood('the token certificate is not there', (ground) => {
      ground.dir('auth');
      return tokenAuth(ground);
    }),
    unusableForGood('a directory stands where the token certificate should be', (ground) => {
      ground.dir('auth/bundle.crt');
      return tokenAuth(ground);
    }),
  ];
}

/** Directories in which it creates something. */
function places(): readonly Scenario[] {
  const certificateCache = (ground: Ground, permissions: string) => {
    ground.dir('cache/autocert', permissions);
    const path = ground.at('cache/autocert');
    return {
      files: [{ path, use: 'directory' } as const],
      config: {
        http: { tls: { letsencrypt: { cachefile: path, email: 'ops@example.com', hosts: ['registry.example.com'] } } },
      },
    };
  };
  return [
    unusable('the directory of its socket is root’s', (ground) => unixSocket(ground, '0755 root:root')),
    unusable('the directory of its socket is closed', (ground) => unixSocket(ground, '0700 alice:alice')),
    unasked('it listens at a socket in a directory of its own', (ground) =>
      unixSocket(ground, '0750 registry:registry'),
    ),
    unasked('it listens at a socket in a directory of its group', (ground) => unixSocket(ground, '0770 root:registry')),
    built(
      'file',
      'the directory for its certificates is root’s',
      { findings: ['file-unusable'], verdict: ['faulty', 'inconclusive'], plan: 'any' },
      (ground) => using(ground, certificateCache(ground, '0755 root:root'), { state: 'silent' }),
    ),
    healthy('a closed directory with keys that the config does not name', (ground) => {
      keyFile(ground, '0600 root:root', 'secrets/key.pem');
      ground.permit('secrets', '0700');
      return incident(ground);
    }),
    healthy('a password file that the config does not name is root’s own', (ground) => {
      htpasswd(ground, '0600 root:root');
      return incident(ground);
    }),
  ];
}
