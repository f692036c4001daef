import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseRegistryYaml } from '../../../../src/host/probe/registry/parse-registry-yaml.ts';
import { HostPath, textFromBytes } from '../../../../src/model/host/host-path.ts';
import { SeededRandom, seedOfRun } from '../../../support/random.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { CONFIG_FILES, type ConfigFile, type Field } from './config-files.ts';
import { randomConfigFile } from './random-config.ts';

/** The reading of the registry's config on the host (awk) against the exact one (a YAML library). */

const PROGRAM = readFileSync(new URL('../../../../src/host/scripts/awk/registry-config.awk', import.meta.url), 'utf8');
const AWKS = [
  { name: 'awk', command: ['awk'], skip: skipUnless('linux') },
  { name: 'busybox awk', command: ['busybox', 'awk'], skip: skipUnless('linux', 'busybox') },
] as const;
const NO_OVERRIDES = new Map<string, string>();
const PATH = HostPath.parse('/config.yml');

type Reading = { readonly settings: ReadonlyMap<string, string>; readonly text: string };

function readWith(command: readonly string[], file: string): Reading {
  const [program = '', ...args] = command;
  const { stdout, status } = spawnSync(program, [...args, PROGRAM], {
    input: file,
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  });
  assert.equal(status, 0);
  const [head = '', ...text] = stdout.split(/^---\n/m);
  const settings = new Map<string, string>();
  for (const line of head.split('\n').filter((candidate) => candidate !== '')) {
    const [, path = '', value = ''] = /^= (\S+) (\S*)$/.exec(line) ?? assert.fail(`unreadable: ${line}`);
    settings.set(path, decoded(value));
  }
  return { settings, text: text.join('---\n') };
}

function decoded(value: string): string {
  const bytes = value.replace(/\\0([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return textFromBytes(Buffer.from(bytes, 'latin1'));
}

function expectSameReading(reading: Reading, { text, hostMayMiss = [] }: ConfigFile): void {
  const exact = parseRegistryYaml(PATH, Buffer.from(text), NO_OVERRIDES);
  assert.deepEqual(
    parseRegistryYaml(PATH, Buffer.from(reading.text), NO_OVERRIDES),
    exact,
    `redacted:\n${reading.text}\nof:\n${text}`,
  );
  if (exact.state !== 'known') return;
  assert.equal(reading.settings.get('syntax'), undefined, `no trouble in\n${text}`);
  const onHost = {
    storageDriver: reading.settings.get('driver') ?? null,
    rootDirectory: reading.settings.get('storage.filesystem.rootdirectory') ?? null,
    httpAddress: reading.settings.get('http.addr') ?? null,
    debugAddress: reading.settings.get('http.debug.addr') ?? null,
    tokenCertificate: reading.settings.get('auth.token.rootcertbundle') ?? null,
  };
  const { storageDriver, httpAddress, debugAddress, tokenCertificate } = exact.value;
  const rootDirectory = exact.value.rootDirectory === '/var/lib/registry' ? null : exact.value.rootDirectory;
  const expected = { storageDriver, rootDirectory, httpAddress, debugAddress, tokenCertificate };
  const compared = (reading: Record<Field, string | null>) =>
    Object.entries(reading).filter(([key]) => !hostMayMiss.some((field) => field === key));
  assert.deepEqual(compared(onHost), compared(expected));
}

for (const { name, command, skip } of AWKS) {
  describe(`the registry’s config file, read by ${name}`, { skip }, () => {
    for (const file of CONFIG_FILES) {
      test(`${name} reads from a registry’s config what a YAML library reads: ${file.what}`, () => {
        expectSameReading(readWith(command, file.text), file);
      });

      test(`${name} removes the secrets of a registry’s config: ${file.what}`, () => {
        const { text } = readWith(command, file.text);
        assert.doesNotMatch(text, /hush/i, 'every secret in these files has this word in it');
      });
    }

    test(`${name} removes a registry config’s secrets in every YAML style, and reads the same settings from each`, (t) => {
      const seed = seedOfRun();
      t.diagnostic(`RD_SEED=${seed}`);
      const random = new SeededRandom(seed);
      for (let index = 0; index < 150; index += 1) {
        const file = randomConfigFile(random, index);
        const reading = readWith(command, file.text);
        assert.doesNotMatch(reading.text, /hush/i, file.text);
        expectSameReading(reading, file);
      }
    });

    test(`${name} reports the line of each key in a registry’s config, in block and flow style`, () => {
      const file =
        'version: 0.1\n\n# x\nstorage:\n  filesystem:\n    rootdirectory: /r\n  s3: {bucket: hush}\nhttp:\n  addr: :5000\n  debug: {\n    addr: :5001}\n';
      const keys = [
        '4 storage',
        '5 storage.filesystem',
        '6 storage.filesystem.rootdirectory',
        '7 storage.s3',
        '7 storage.s3.bucket',
        '8 http',
        '9 http.addr',
        '10 http.debug',
        '11 http.debug.addr',
      ];
      assert.deepEqual(readWith(command, file).settings.get('lines')?.trim().split('\n'), keys);
    });

    const TROUBLES: readonly (readonly [file: string, trouble: string | undefined])[] = [
      ['storage:\n\tfilesystem: {}\n', '2 tab'],
      ['storage: &\n  filesystem: {}\n', '1 indicator'],
      ['http:\n  secret: & x\n', '2 indicator'],
      ['http:\n  secret: %x\n', '2 indicator'],
      ['http:\n  secret: @x\n', '2 indicator'],
      ['http:\n  secret: a: b\n', '2 colon'],
      ['http:\n  secret: a:b&c # d: e\n', undefined],
      ['http:\n  secret: "a: b"\n', undefined],
      ['http: &h\n  secret: *x\n', undefined],
      ['http:\n  secret: |\n    \ta: b\n', undefined],
      ['\t\nhttp:\n\t# x\n  addr: :1\n', undefined],
    ];
    for (const [file, trouble] of TROUBLES) {
      test(`${name} reports a registry config that no YAML parser accepts: ${JSON.stringify(file)}`, () =>
        assert.equal(readWith(command, file).settings.get('syntax'), trouble));
    }

    test(`${name} rejects a registry config larger than 64 KiB`, () => {
      const { stdout } = spawnSync(command[0], [...command.slice(1), PROGRAM], {
        input: `# ${'x'.repeat(65_536)}\n`,
        encoding: 'utf8',
      });
      assert.equal(stdout, '! config-too-large\n');
    });
  });
}
