import { stringify } from 'yaml';
import type { SeededRandom } from '../../../support/random.ts';
import type { ConfigFile } from './config-files.ts';

const SECRET_KEYS = ['secret', 'password', 'accesskey', 'secretkey', 'accountkey', 'token', 'private', 'addr2', 'path'];
const SECRETS = [
  'hush',
  'hush: hush',
  'hush # hush',
  "hush'hush",
  'hush"hush',
  'hush\nhush',
  ' hush',
  '{hush}',
  '- hush',
  '|hush',
];
const ROOTS = [
  '/srv/registry',
  '/a b',
  "/it's",
  '/q"q',
  '/new\nline',
  '/#hash',
  '/a: b',
  '/é',
  '/back\\slash',
  '/tab\tx',
  '/{x}',
];
const ADDRESSES = [':5000', '127.0.0.1:5000', 'localhost:5001', '[::1]:5000'];

/** A config file that the YAML library wrote in one of its styles, with secrets strewn in. */
export function randomConfigFile(random: SeededRandom, index: number): ConfigFile {
  /** Folded over lines, or in a style that the host does not unfold; then the probe is repeated with the right root. */
  const hostMayMiss = ['rootDirectory', 'tokenCertificate'] as const;
  const config = {
    version: '0.1',
    ...secrets(random),
    storage: {
      filesystem: { ...secrets(random), rootdirectory: random.pick(ROOTS), ...secrets(random) },
      cache: { blobdescriptor: 'inmemory', ...secrets(random) },
      ...(random.chance(50) ? { maintenance: { readonly: { enabled: random.chance(50) }, ...secrets(random) } } : {}),
    },
    http: {
      ...secrets(random),
      addr: random.pick(ADDRESSES),
      ...(random.chance(50) ? { debug: { addr: random.pick(ADDRESSES), ...secrets(random) } } : {}),
      headers: { Authorization: [random.pick(SECRETS), random.pick(SECRETS)] },
    },
    health: { storagedriver: { enabled: random.chance(50), interval: '10s' }, ...secrets(random) },
    auth: { token: { realm: 'https://hush', rootcertbundle: random.pick(ROOTS), ...secrets(random) } },
    database: { ...secrets(random), enabled: random.chance(50), host: 'hush', addr: random.pick(SECRETS) },
    ...(random.chance(50) ? { redis: { addr: random.pick(SECRETS), ...secrets(random) } } : {}),
    ...secrets(random),
  };
  const what = `config file ${index}`;
  if (random.chance(30)) return { what, text: withInlineValues(config), hostMayMiss };
  const text = stringify(config, {
    indent: random.pick([2, 4, 8]),
    indentSeq: random.chance(50),
    lineWidth: random.pick([0, 20, 80]),
    defaultStringType: random.pick(['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE']),
    collectionStyle: random.pick(['any', 'block', 'flow']),
  });
  return { what, text, hostMayMiss };
}

/** As Omnibus does: every value of the top level as JSON, on one line. */
function withInlineValues(config: Record<string, unknown>): string {
  return Object.entries(config)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

function secrets(random: SeededRandom): Record<string, unknown> {
  if (random.chance(60)) return {};
  const value = random.chance(70)
    ? random.pick(SECRETS)
    : { deep: { deeper: random.pick(SECRETS) }, list: [random.pick(SECRETS)] };
  return { [random.pick(SECRET_KEYS)]: value };
}
