import { canonicalJson, saltedHash } from '../hash/canonical-hash.ts';
import { compiled } from '../model/compiled.ts';
import type { Actor, ChainedActor } from '../model/record/actor.ts';
import { AuditEntry, type ChainedEntry } from '../model/record/audit.ts';
import { ERASABLE_OUTCOMES, ErasableField } from '../model/record/erasable.ts';

type Salts = AuditEntry['salts'];
type Content = Pick<AuditEntry, 'actor' | 'outcome'>;

/** The value of a field that can be erased, as canonical JSON, and the salt that is hashed with it. */
export type KeptValue = { readonly field: string; readonly salt: string; readonly value: string };

/** What of this content can be erased. Each gets a salt of its own, so that equal values have other digests. */
export function saltsFor({ actor, outcome }: Content, newSalt: () => string): Salts {
  const fields = ErasableField.options.filter((field) =>
    field === 'actor' ? isPerson(actor) : outcome[field] !== undefined,
  );
  return Object.fromEntries(fields.map((field) => [field, newSalt()]));
}

/** The form that is chained and hashed. */
export function chainedForm<Entry extends Content & { readonly salts: Salts }>(
  entry: Entry,
): Omit<Entry, 'salts' | 'actor' | 'outcome'> & Pick<ChainedEntry, 'actor' | 'outcome'> {
  const { salts, actor, outcome, ...rest } = entry;
  const digests = ERASABLE_OUTCOMES.flatMap((field) => {
    const salt = salts[field];
    return salt === undefined ? [] : [[field, { digest: saltedHash(salt, outcome[field]) }]];
  });
  return { ...rest, actor: chainedActor(actor, salts.actor), outcome: { ...outcome, ...Object.fromEntries(digests) } };
}

/**
 * The entry as people read it, from its chained form and what is kept beside it. What is not kept stays a digest.
 *
 * @throws SyntaxError or ZodError if a kept value can't be read
 */
export function toldEntry(chained: ChainedEntry, kept: readonly KeptValue[]): AuditEntry {
  const { actor, ...outcome } = Object.fromEntries(kept.map(({ field, value }) => [field, JSON.parse(value)]));
  const told = Told().parse({
    actor: actor ?? toldActor(chained.actor),
    outcome: { ...chained.outcome, ...outcome },
    salts: Object.fromEntries(kept.map(({ field, salt }) => [field, salt])),
  });
  return { ...chained, ...told };
}

/** What an entry is told with beyond its chained form. */
const Told = compiled(AuditEntry.pick({ actor: true, outcome: true, salts: true }));

function toldActor(chained: ChainedActor): Actor {
  return 'digest' in chained ? { kind: 'erased', was: chained.kind, digest: chained.digest } : chained;
}

/** @param salt undefined only for those who are no persons, and for a person who was erased */
export function chainedActor(actor: Actor, salt: string | undefined): ChainedActor {
  if (actor.kind === 'erased') return { kind: actor.was, digest: actor.digest };
  if (!isPerson(actor)) return actor;
  if (salt === undefined) throw new Error('a person is chained by a salted digest only, and there is no salt');
  return { kind: actor.kind, digest: saltedHash(salt, actor) };
}

/** The values of an entry that can be erased. */
export function keptValues({
  salts,
  actor,
  outcome,
}: Content & { readonly salts: Salts }): readonly (KeptValue & { readonly field: ErasableField })[] {
  return ErasableField.options.flatMap((field) => {
    const salt = salts[field];
    return salt === undefined
      ? []
      : [{ field, salt, value: canonicalJson(field === 'actor' ? actor : outcome[field]) }];
  });
}

function isPerson(actor: Actor): actor is Extract<Actor, { kind: 'slack-user' | 'terminal' }> {
  return actor.kind === 'slack-user' || actor.kind === 'terminal';
}
