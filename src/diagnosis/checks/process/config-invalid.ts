import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { ConfigProblem } from '../../../model/diagnosis/findings/service.ts';
import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';
import { lineOfKey, namesBelow } from '../evidence/config-lines.ts';
import { complaintOfThisStart, quoteOf } from '../evidence/log-complaints.ts';
import { servesNoOne } from '../evidence/registry-answer.ts';

type Invalid = Pick<FindingOf<'config-invalid'>, 'problem' | 'line' | 'key' | 'named'>;

/** Keys under `storage:` that are not drivers (distribution, configuration.md). */
const NOT_A_DRIVER: ReadonlySet<string> = new Set(['cache', 'delete', 'maintenance', 'redirect', 'tag']);
const DRIVER_SETTING =
  /^panic: (no [a-z]+ parameter|invalid [a-z]+ (provided|parameter)|[a-z]+ config error|redis configuration required)/;

/**
 * The wording of each problem (distribution 2.8 and 3: configuration.go, parser.go, app.go; yaml.v2), and the config
 * key that it is about.
 */
const TOLD: readonly (readonly [ConfigProblem, RegExp, string | null])[] = [
  ['several-drivers', /must provide exactly one storage type\. Provided: \[([^\]]*)\]/, 'storage'],
  ['several-drivers', /multiple storage drivers specified in configuration or environment: (.*)/, 'storage'],
  ['no-driver', /no storage configuration/, 'storage'],
  ['unknown-driver', /StorageDriver not registered: (\S+)/, 'storage'],
  ['several-kinds', /must provide exactly one type\. Provided: \[([^\]]*)\]/, 'auth'],
  ['unknown-auth', /no access controller registered with name: (\S+)/, 'auth'],
  ['auth-setting', /unable to configure authorization \(([^)]*)\)/, 'auth'],
  ['driver-setting', DRIVER_SETTING, 'storage'],
  ['version', /unsupported version|strconv\.ParseUint/, 'version'],
  ['address', /listen [a-z0-9]+: (?:address|lookup) |unknown address type/, 'http.addr'],
  ['value', /cannot unmarshal/, null],
  ['syntax', /error parsing .*yaml: /, null],
];

/**
 * The registry does not start with its config. That is known from its last message, or from the drivers and the YAML of
 * the file. A registry that serves requests was started with another config.
 */
export const configInvalid: Check<'config-invalid'> = {
  id: 'config-invalid',
  // A file that the config names is reported by its own path.
  consequenceOf: ['file-unusable'],
  look({ facts }) {
    if (!servesNoOne(facts)) return [];
    const complaint = complaintOfThisStart(facts, 'bad-config');
    const invalid = complaint === null ? byFile(facts) : byWords(facts, complaint.words);
    if (invalid === null) return [];
    return [
      {
        id: 'config-invalid',
        severity: 'fault',
        proof: 'evaluated',
        path: null,
        file: knownValue(facts.config)?.path ?? null,
        ...invalid,
        said: complaint && quoteOf(complaint),
      },
    ];
  },
};

function byWords(facts: Facts, words: string): Invalid {
  for (const [problem, pattern, key] of TOLD) {
    const match = pattern.exec(words);
    if (match) return invalidFrom(facts, problem, key, words, match[1] ?? '');
  }
  return { problem: 'other', line: lineIn(words), key: null, named: [] };
}

function invalidFrom(facts: Facts, problem: ConfigProblem, key: string | null, words: string, names: string): Invalid {
  const lines = key === null ? [] : namesBelow(facts, key);
  const named = names
    .split(/[ ,]+/)
    .filter((name) => name !== '')
    .slice(0, 8)
    .map((name) => ({ name: name.slice(0, 64), line: lines.find((one) => one.name === name)?.line ?? null }));
  const only = named.length === 1 ? named[0] : undefined;
  const line = lineIn(words) ?? only?.line ?? (key === null ? null : lineOfKey(facts, key));
  return { problem, line, key: only && key !== null ? `${key}.${only.name}` : key, named };
}

/** The line in an error such as `yaml: line 3: ...` or `line 12: cannot unmarshal ...`. */
function lineIn(words: string): number | null {
  const line = Number(/\bline (\d{1,6}): /.exec(words)?.[1]);
  return line > 0 ? line : null;
}

function byFile(facts: Facts): Invalid | null {
  // A running process has accepted its config.
  if (facts.configFile.state !== 'known' || facts.process.state !== 'absent') return null;
  const { syntax } = facts.configFile.value;
  if (syntax !== null && facts.config.state === 'unknown') {
    return { problem: 'syntax', line: syntax.line, key: null, named: [] };
  }
  const named = namesBelow(facts, 'storage').filter(({ name }) => !NOT_A_DRIVER.has(name));
  if (named.length < 2) return null;
  return { problem: 'several-drivers', line: named[1]?.line ?? null, key: 'storage', named: named.slice(0, 8) };
}
