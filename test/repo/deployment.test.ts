import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '../../src/config/read-config.ts';
import { codeBlocks } from '../support/words/markdown.ts';

/** What starts several bots. There is no engine here: the schemas of Compose and Kubernetes say whether one would accept it. */

const REPO = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFile(join(REPO, file), 'utf8');
const DOC = await read('docs/scale.md');

/** Names of volumes, secrets and the like: whatever else an object has is for the schemas. */
const Named = z.looseObject({ name: z.string() });
const Config = z.looseObject({ store: z.looseObject({ passwordFile: z.string(), socket: z.string() }) });

/** The keys of the config that the docs give, for the engine in whose section they stand. */
function configIn(section: string): string {
  const [, after = ''] = DOC.split(`\n## ${section}\n`);
  const [block] = codeBlocks(after.split('\n## ')[0] ?? '', 'yaml');
  return block ?? assert.fail(`no config for ${section}`);
}

describe('compose.yaml', async () => {
  const text = await read('compose.yaml');

  test('the schema of Compose accepts compose.yaml, and refuses a key in it that is misspelt', async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'rd-compose-'));
    t.after(() => rm(directory, { recursive: true, force: true }));
    const errors = async (content: string) => {
      const file = join(directory, 'compose.yaml');
      await writeFile(file, content);
      const program = join(REPO, 'node_modules/.bin/dclint');
      return spawnSync(program, ['--quiet', file], { cwd: directory, encoding: 'utf8' }).stdout.trim();
    };
    assert.equal(await errors(text), '');
    assert.match(await errors(text.replace('restart:', 'restarts:')), /must NOT have additional properties/);
  });

  test('compose.yaml starts two bots that can write only where the config in docs/scale.md has the health socket', () => {
    const Bot = z.looseObject({
      deploy: z.object({ replicas: z.literal(2) }),
      read_only: z.literal(true),
      stop_grace_period: z.literal('90s'),
      tmpfs: z.array(z.string()),
      secrets: z.array(z.string()),
    });
    const { bot } = z.looseObject({ services: z.looseObject({ bot: Bot }) }).parse(parse(text)).services;
    const { store } = Config.parse(parse(configIn('Docker Compose')));
    assert.ok(bot.tmpfs.some((mount) => store.socket.startsWith(`${mount.split(':')[0]}/`)));
    assert.ok(bot.secrets.some((secret) => store.passwordFile === `/run/secrets/${secret}`));
  });
});

describe('deploy/kubernetes.yaml', async () => {
  const documents = parseAllDocuments(await read('deploy/kubernetes.yaml')).map((one) => one.toJS());
  const objects = documents.map((one) => z.looseObject({ apiVersion: z.string(), kind: z.string() }).parse(one));

  /** What a pod has, beside what the schemas know. */
  const Pod = z.object({
    automountServiceAccountToken: z.literal(false),
    hostNetwork: z.literal(false),
    terminationGracePeriodSeconds: z.literal(90),
    securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.literal(1000) }),
    volumes: z.array(Named),
    containers: z.tuple([
      z.looseObject({
        ports: z.tuple([z.object({ name: z.literal('monitoring'), containerPort: z.number() })]),
        livenessProbe: z.looseObject({ httpGet: z.object({ path: z.literal('/healthz'), port: z.string() }) }),
        readinessProbe: z.looseObject({ httpGet: z.object({ path: z.literal('/readyz'), port: z.string() }) }),
        securityContext: z.object({
          allowPrivilegeEscalation: z.literal(false),
          readOnlyRootFilesystem: z.literal(true),
          capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
        }),
        volumeMounts: z.array(Named.extend({ mountPath: z.string() })),
      }),
    ]),
  });

  function podIn(object: unknown) {
    const Labels = z.record(z.string(), z.string());
    const { spec } = z
      .looseObject({
        spec: z.looseObject({
          replicas: z.literal(2),
          template: z.object({ metadata: z.object({ labels: Labels }), spec: z.looseObject(Pod.shape) }),
        }),
      })
      .parse(object);
    return spec.template;
  }

  test('the schemas of Kubernetes accept each object', async () => {
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ['Deployment', 'PodDisruptionBudget'],
    );
    for (const object of objects) {
      const { [object.kind]: Model } = await import(`kubernetes-models/${object.apiVersion}`);
      new Model(object).validate();
      assert.throws(() => new Model({ ...object, metadata: 'none' }).validate(), /metadata/);
    }
  });

  test('no key of an object is misspelt', async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'rd-kubernetes-'));
    t.after(() => rm(directory, { recursive: true, force: true }));
    await symlink(join(REPO, 'node_modules'), join(directory, 'node_modules'));
    // The schemas let keys pass that they don't know. The types made of them do not.
    const typed = (json: string) =>
      objects.map(({ apiVersion, kind }, index) => {
        const type = `import('kubernetes-models/${apiVersion}').I${kind}`;
        return `export const object${index}: ${type} = ${JSON.stringify(JSON.parse(json)[index])};\n`;
      });
    const compile = async (name: string, json: string) => {
      await writeFile(join(directory, name), typed(json).join(''));
      const options = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
      const tsc = join(REPO, 'node_modules/.bin/tsc');
      return spawnSync(tsc, [...options, join(directory, name)], { encoding: 'utf8' }).stdout;
    };
    const json = JSON.stringify(objects);
    assert.equal(await compile('as-it-is.ts', json), '');
    assert.match(
      await compile('misspelt.ts', json.replace('"mountPath"', '"mountPaths"')),
      /'"?mountPaths"?' does not/,
    );
  });

  test('the bots run without root, the host’s network and a token, and both probes ask the port of the config', () => {
    const { spec } = podIn(objects[0]);
    const [{ ports, livenessProbe, readinessProbe }] = spec.containers;
    const [{ name, containerPort }] = ports;
    assert.deepEqual([livenessProbe.httpGet.port, readinessProbe.httpGet.port], [name, name]);
    const { http } = z
      .looseObject({ http: z.object({ port: z.number() }).loose() })
      .parse(parse(configIn('Kubernetes')));
    assert.equal(http.port, containerPort);
  });

  test('what the config in docs/scale.md names is mounted, and each mount is a volume', () => {
    const { spec } = podIn(objects[0]);
    const [{ volumeMounts }] = spec.containers;
    const text = configIn('Kubernetes');
    const outcome = parseConfig(text, '/etc/registry-doctor');
    assert.equal(outcome.kind, 'config', JSON.stringify(outcome));
    const named = [...text.matchAll(/ (\/[^ }\n]+)/g)].map(([, path = '']) => path);
    assert.ok(named.length >= 4);
    for (const path of named) {
      assert.ok(
        volumeMounts.some(({ mountPath }) => path.startsWith(`${mountPath}/`)),
        path,
      );
    }
    const volumes = spec.volumes.map((volume) => volume.name);
    assert.deepEqual(
      volumeMounts.map((mount) => mount.name),
      volumes,
    );
  });

  test('the PodDisruptionBudget leaves one of the bots', () => {
    const { metadata } = podIn(objects[0]);
    const { spec } = z
      .looseObject({ spec: z.object({ minAvailable: z.literal(1), selector: z.object({ matchLabels: z.unknown() }) }) })
      .parse(objects[1]);
    assert.deepEqual(spec.selector.matchLabels, metadata.labels);
  });
});
