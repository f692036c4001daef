import type { FindingId } from '../../../../src/model/diagnosis/finding.ts';
import type { Ground, Permissions } from '../../ground/ground.ts';
import { incident } from '../../ground/layouts.ts';
import { basicAuthorization, type Endpoint } from '../../ground/registry-client.ts';
import type { BesideStorage } from '../../kernel/files.ts';
import type { RegistryChoice, Scenario, Scene } from '../../scenario.ts';
import { type Build, built, healthy } from '../rows.ts';

/** One account, `corpus` with the password `corpus`, as htpasswd(1) writes it with -B. */
const HTPASSWD = 'corpus:$2y$05$abcdefghijklmnopqrstuurCgs8JD.MFEBZ2DIEAq04I2c7m6WgWC\n';
const FINDINGS: readonly FindingId[] = ['file-unusable'];

/** What a scenario adds to a sound host: files, their config, and how a client gets access. */
export type Beside = {
  readonly files: readonly BesideStorage[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly client?: NonNullable<RegistryChoice['client']>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly address?: string;
};

/** A sound storage, and a registry that uses these as well. */
export function using(ground: Ground, { files, ...registry }: Beside, choice: RegistryChoice = {}): Scene {
  return { ...incident(ground), files, registry: { ...registry, ...choice } };
}

/** It ends at its start because of a file that it can't use. A change of permissions fixes that. */
export function unusable(name: string, build: (ground: Ground) => Beside): Scenario {
  return built('file', name, { findings: FINDINGS, plan: 'cures', never: ['storage-empty'] }, ends(build));
}

/** The same, but no change of permissions is the fix. */
export function unusableForGood(name: string, build: (ground: Ground) => Beside): Scenario {
  return built('file', name, { findings: FINDINGS, plan: 'none', never: ['storage-empty'] }, ends(build));
}

function ends(build: (ground: Ground) => Beside): Build {
  return (ground) => using(ground, build(ground), { state: 'ends', log: 'usual' });
}

/** It runs with what it read before and would not start again. */
export function unusableFromNowOn(name: string, build: Build): Scenario {
  const truth = { findings: FINDINGS, verdict: ['healthy', 'inconclusive'], plan: 'any' } as const;
  return { ...built('file', name, truth, build), latent: 'it has read the file, and will not once it is restarted' };
}

export function usable(name: string, build: (ground: Ground) => Beside, choice: RegistryChoice = {}): Scenario {
  return healthy(name, (ground) => using(ground, build(ground), choice));
}

/** Sound, but the host can't ask it over HTTP as a client would. */
export function unasked(name: string, build: (ground: Ground) => Beside): Scenario {
  const truth = { kind: 'undecidable', findings: ['registry-not-answering'] } as const;
  return { name, cause: 'file', truth, build: (ground) => using(ground, build(ground)) };
}

/** The scenario writes the file, or not. `told` is the path in the config. */
export function htpasswd(
  ground: Ground,
  permissions: Permissions | null,
  relative = 'auth/htpasswd',
  told = relative,
): Beside {
  if (permissions !== null) ground.file(relative, HTPASSWD, permissions);
  const path = ground.at(told);
  return {
    files: [{ path, use: 'make', secret: true }],
    config: { auth: { htpasswd: { realm: 'corpus', path } } },
    client: { authorization: basicAuthorization('corpus', 'corpus') },
  };
}

export type TlsPaths = { readonly key?: string; readonly certificate?: string };

/** A key and its certificate, at paths that the scenario has made. The host trusts it. */
export function tls(
  ground: Ground,
  { key = 'tls/key.pem', certificate = 'tls/certificate.pem' }: TlsPaths = {},
): Beside {
  ground.etc('ssl/certs/ca-certificates.crt', ground.prepared.keyPair.certificate);
  return {
    files: [
      { path: ground.at(certificate), use: 'read' },
      { path: ground.at(key), use: 'read', secret: true },
    ],
    config: { http: { tls: { key: ground.at(key), certificate: ground.at(certificate) } } },
    client: { tls: trust(ground) },
  };
}

export function trust(ground: Ground): NonNullable<Endpoint['tls']> {
  return { ca: ground.prepared.keyPair.certificate };
}

export function keyFile(ground: Ground, permissions: Permissions = '0600 registry:registry', at = 'tls/key.pem'): void {
  ground.file(at, ground.prepared.keyPair.key, permissions);
}

export function certificateFile(ground: Ground, permissions: Permissions = '0644', at = 'tls/certificate.pem'): void {
  ground.file(at, ground.prepared.keyPair.certificate, permissions);
}

/** Tokens of an issuer, signed with the bundle's key. */
export function tokenAuth(ground: Ground, told = 'auth/bundle.crt'): Beside {
  const path = ground.at(told);
  return {
    files: [{ path, use: 'read' }],
    config: {
      auth: {
        token: { realm: 'https://gitlab.example.com/jwt/auth', service: 's', issuer: 'i', rootcertbundle: path },
      },
    },
  };
}

/** The config file itself, which holds secrets. */
export function configFile(ground: Ground): BesideStorage {
  return { path: ground.at('etc/registry/config.yml'), use: 'read', secret: true };
}

/** It listens at a socket of the filesystem. */
export function unixSocket(ground: Ground, directory: Permissions): Beside {
  ground.dir('run/registry', directory);
  const path = ground.at('run/registry/registry.sock');
  return { files: [{ path, use: 'make' }], config: { http: { net: 'unix' } }, address: path };
}
