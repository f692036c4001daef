import { z } from 'zod';
import { AlertSourceName } from './alert.ts';
import { Sha256, TeamId, UserId } from './ids.ts';

const Bot = z.strictObject({
  kind: z.literal('bot'),
  part: z.enum(['watch', 'deep-look', 'nightly-look', 'workflow']),
});
const Signal = z.strictObject({ kind: z.literal('signal'), signal: z.literal('SIGHUP') });
const AlertSource = z.strictObject({ kind: z.literal('alert'), source: AlertSourceName });
const Through = z.enum(['slack-user', 'terminal']);

/** Who did something: a person in Slack, the bot itself, a source of alerts, someone at a terminal, or someone who can send signals. */
export const Actor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slack-user'), team: TeamId, user: UserId }),
  Bot,
  Signal,
  AlertSource,
  z.strictObject({
    kind: z.literal('terminal'),
    user: z.string(),
    /** The break-glass key and its name in the file of allowed signers. Absent: none was used. */
    breakGlass: z.strictObject({ principal: z.string(), fingerprint: z.string() }).optional(),
  }),
  /** A person whose name was erased. `digest`: the salted one that is chained. */
  z.strictObject({ kind: z.literal('erased'), was: Through, digest: Sha256 }),
]);
export type Actor = z.infer<typeof Actor>;

/** A person as they are chained: the salted digest of them, and through what they acted. */
export const ChainedPerson = z.strictObject({ kind: Through, digest: Sha256 });

/** Who did something, as it is chained. */
export const ChainedActor = z.discriminatedUnion('kind', [Bot, Signal, AlertSource, ChainedPerson]);
export type ChainedActor = z.infer<typeof ChainedActor>;
