import { z } from 'zod';
import { absent, type Fact, known } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import { textFromBytes } from '../../../model/host/host-path.ts';
import { SectionFacts } from '../../frame/section-facts.ts';

const Selinux = z.enum(['enforcing', 'permissive', 'disabled']);

/** Parses the section `security`. */
export function parseSecurity(section: Uint8Array): Pick<Facts, 'security'> {
  const facts = new SectionFacts(textFromBytes(section).split('\n'));
  return {
    security: known({
      selinux: facts.fact('selinux', (value) => Selinux.safeParse(value).data),
      processLabel: confining(facts.fact('label', (value) => value)),
      protectedSymlinks: facts.fact('protected-symlinks', switchFrom),
      protectedHardlinks: facts.fact('protected-hardlinks', switchFrom),
    }),
  };
}

/**
 * The label, if it confines the process. AppArmor reports `unconfined` for a process without a profile; other modules
 * have no such word.
 */
function confining(label: Fact<string>): Fact<string> {
  return label.state === 'known' && (label.value === '' || label.value === 'unconfined') ? absent : label;
}

function switchFrom(value: string): boolean | undefined {
  return value === '0' ? false : value === '1' ? true : undefined;
}
