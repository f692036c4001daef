import { z } from 'zod';
import { Actor } from '../record/actor.ts';
import { AlertSourceName } from '../record/alert.ts';
import { HostName } from '../record/ids.ts';

/** Why a host is muted. */
export const MuteSource = z.discriminatedUnion('kind', [
  /** Someone asked for it. */
  z.strictObject({ kind: z.literal('person'), by: Actor, reason: z.string().max(300).nullable() }),
  /** A maintenance window of the config file. `every`: as written there. */
  z.strictObject({ kind: z.literal('window'), every: z.string(), zone: z.string() }),
  /** A silence of an Alertmanager. */
  z.strictObject({ kind: z.literal('silence'), source: AlertSourceName, id: z.string().max(100) }),
]);
export type MuteSource = z.infer<typeof MuteSource>;

/** One reason for which a host is muted, from its beginning to its end. */
export const Mute = z.strictObject({
  id: z.number().int().positive(),
  host: HostName,
  source: MuteSource,
  beganAt: z.iso.datetime(),
  /** Null: until its source says that it is over. */
  until: z.iso.datetime().nullable(),
});
export type Mute = z.infer<typeof Mute>;

/**
 * How something was noticed of a muted host. `blind`: it could not be checked for long. What one of them noticed is over
 * when the same one says so: a registry can answer as healthy and be unable to use its storage.
 */
export const MutedFaultKind = z.enum(['watch', 'deep-look', 'blind', 'alert']);
export type MutedFaultKind = z.infer<typeof MutedFaultKind>;

/** What was noticed of a host while it was muted. */
export type MutedFault = {
  readonly id: number;
  readonly host: HostName;
  readonly kind: MutedFaultKind;
  /** The alert that told it. Null: monitoring saw it. */
  readonly alertId: number | null;
  readonly beganAt: string;
  /** Null: it is not over. */
  readonly overAt: string | null;
};
