import { z } from 'zod';
import { MuteSource } from '../../quiet/mute.ts';
import { Actor } from '../actor.ts';
import { ToldAlert } from '../alert.ts';
import { ChannelId, HostName, IncidentId } from '../ids.ts';
import { OnCall } from './people.ts';

/** What is told of alerts that belong to no incident. A post in the incident channel, without a thread. */
export const AlertNotice = z.discriminatedUnion('about', [
  /** No host of the config fits. `labels`: some of those that it has, for a `match`. */
  z.strictObject({
    kind: z.literal('alert-notice'),
    about: z.literal('no-host'),
    alert: ToldAlert,
    labels: z.record(z.string(), z.string()),
  }),
  /** The day had more of these; they are only counted. */
  z.strictObject({
    kind: z.literal('alert-notice'),
    about: z.literal('more-without-host'),
    source: ToldAlert.shape.source,
    count: z.number().int().positive(),
  }),
  /** The sender left some of a group out (`truncatedAlerts`). */
  z.strictObject({
    kind: z.literal('alert-notice'),
    about: z.literal('left-out'),
    source: ToldAlert.shape.source,
    count: z.number().int().positive(),
  }),
]);
export type AlertNotice = z.infer<typeof AlertNotice>;

/**
 * Monitoring or an alert noticed a fault of a host whose incident is open in another channel. A post in the incident channel, without a
 * thread.
 */
export const ElsewhereNotice = z.strictObject({
  kind: z.literal('incident-elsewhere'),
  host: HostName,
  incidentId: IncidentId,
  /** Where the incident is. */
  channel: ChannelId,
  noticedBy: Actor,
  at: z.iso.datetime(),
  /** Absent: no one is on call. */
  onCall: OnCall.optional(),
});
export type ElsewhereNotice = z.infer<typeof ElsewhereNotice>;

/** Told when someone mutes a host. A post in the incident channel, without a thread. */
export const MuteNotice = z.strictObject({
  kind: z.literal('mute-notice'),
  host: HostName,
  source: MuteSource,
  until: z.iso.datetime(),
});
export type MuteNotice = z.infer<typeof MuteNotice>;

/** What is told of muted hosts at the end. A post in the incident channel, without a thread. */
export const MuteSummary = z.strictObject({
  kind: z.literal('mute-summary'),
  source: MuteSource,
  since: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  hosts: z
    .array(
      z.strictObject({
        host: HostName,
        /** How often monitoring saw the registry become unhealthy. */
        faults: z.number().int().min(0),
        alerts: z.number().int().min(0),
        /** When the first of these was noticed. Null: nothing was. */
        firstAt: z.iso.datetime().nullable(),
        /** That it could not be checked for long: since when it can’t, or when it first couldn’t. Null: it could. */
        notChecked: z.strictObject({ since: z.iso.datetime(), isOver: z.boolean() }).nullable(),
        /** Open in the channel when the mute ended. */
        openIncident: IncidentId.nullable(),
        /** Something of it is not over, or its incident is open. */
        isStillBroken: z.boolean(),
      }),
    )
    .min(1),
});
export type MuteSummary = z.infer<typeof MuteSummary>;

/**
 * A checkpoint of the record, for people to keep. A post in the incident channel, without a thread, that is never edited: an edited
 * post is no witness.
 */
export const CheckpointNotice = z.strictObject({
  kind: z.literal('checkpoint'),
  entries: z.number().int().positive(),
  /** The signed checkpoint (hash/checkpoint.ts, `checkpointLine`). */
  line: z.string().max(2_000),
});
export type CheckpointNotice = z.infer<typeof CheckpointNotice>;

/** Why Slack takes nothing in a channel until a person changes something there. `no-access`: the bot is not in it, or it was deleted. */
export const ChannelRefusal = z.enum(['archived', 'no-access', 'restricted']);
export type ChannelRefusal = z.infer<typeof ChannelRefusal>;

/** Slack takes nothing in another channel. A post in the incident channel, without a thread, which is edited while that lasts and at its end. */
export const ChannelRefusedNotice = z.strictObject({
  kind: z.literal('channel-refused'),
  channel: ChannelId,
  why: ChannelRefusal,
  /** What was refused. `edit`: no post was tried yet. */
  act: z.enum(['post', 'edit']),
  /** The first refusal. */
  since: z.iso.datetime(),
  /** How many messages wait for the channel. */
  waiting: z.number().int().positive(),
  /** Null: Slack still refuses. */
  overAt: z.iso.datetime().nullable(),
});
export type ChannelRefusedNotice = z.infer<typeof ChannelRefusedNotice>;
