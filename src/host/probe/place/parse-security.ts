import { z } from 'zod';
import { absent, type Fact, known, unknown } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import { textFromBytes } from '../../../model/host/host-path.ts';
import { shortWhy } from '../../frame/record-fields.ts';

const Selinux = z.enum(['enforcing', 'permissive', 'disabled']);
const LINE = /^([a-z-]+) (known|absent|unknown)(?: (.*))?$/;

/** Reads the section `security`: lines of `KEY known|absent|unknown VALUE`, each once. */
export function parseSecurity(section: Uint8Array): Pick<Facts, 'security'> {
  const told = new Map(textFromBytes(section).split('\n').flatMap(factOn));
  const fact = (key: string) => told.get(key) ?? unknown('the host said nothing of it');
  return {
    security: known({
      selinux: read(fact('selinux'), (value) => Selinux.safeParse(value).data),
      processLabel: confining(fact('label')),
      protectedSymlinks: read(fact('protected-symlinks'), switchFrom),
      protectedHardlinks: read(fact('protected-hardlinks'), switchFrom),
    }),
  };
}

function factOn(line: string): [string, Fact<string>][] {
  const [, key, state, value = ''] = LINE.exec(line) ?? [];
  if (key === undefined) return [];
  if (state === 'known') return [[key, known(value)]];
  return [[key, state === 'absent' ? absent : unknown(shortWhy(value))]];
}

/** AppArmor says `unconfined` of a process without a profile; another module has no word for that. */
function confining(label: Fact<string>): Fact<string> {
  return label.state === 'known' && (label.value === '' || label.value === 'unconfined') ? absent : label;
}

/** What cannot be read is unknown, never a default. */
function read<T>(told: Fact<string>, parse: (value: string) => T | undefined): Fact<T> {
  if (told.state !== 'known') return told;
  const value = parse(told.value);
  return value === undefined ? unknown('the host said something that cannot be read') : known(value);
}

function switchFrom(value: string): boolean | undefined {
  return value === '0' ? false : value === '1' ? true : undefined;
}
