import { z } from 'zod';

/** A host's name as the config file spells it. People can only ask for these names. */
export const HostName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'a host name is letters, digits, ".", "_" and "-", at most 63 of them')
  .brand<'HostName'>();
export type HostName = z.infer<typeof HostName>;

/** An incident's number, as people say it ("incident 142"). */
export const IncidentId = z.number().int().positive().brand<'IncidentId'>();
export type IncidentId = z.infer<typeof IncidentId>;

/** A plan's id: the incident's number and the plan's place in it ("142-1"). */
export const PlanId = z
  .string()
  .regex(/^[1-9][0-9]{0,11}-[1-9][0-9]{0,5}$/)
  .brand<'PlanId'>();
export type PlanId = z.infer<typeof PlanId>;

/** SHA-256 over the canonical JSON of a value, written `sha256:` and 64 hex digits. */
export const Sha256 = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .brand<'Sha256'>();
export type Sha256 = z.infer<typeof Sha256>;

/** A Slack user's id (`U…` or `W…`): never a name, never an e-mail address. */
export const UserId = z
  .string()
  .regex(/^[UW][A-Z0-9]{1,30}$/)
  .brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;

/** A Slack user group's id (`S…`). */
export const GroupId = z
  .string()
  .regex(/^S[A-Z0-9]{1,30}$/)
  .brand<'GroupId'>();
export type GroupId = z.infer<typeof GroupId>;

/** A Slack workspace's id (`T…`, or `E…` for an enterprise). */
export const TeamId = z
  .string()
  .regex(/^[TE][A-Z0-9]{1,30}$/)
  .brand<'TeamId'>();
export type TeamId = z.infer<typeof TeamId>;

/** A Slack conversation's id: public `C…`, private `G…`, direct `D…`. */
export const ChannelId = z
  .string()
  .regex(/^[CGD][A-Z0-9]{1,30}$/)
  .brand<'ChannelId'>();
export type ChannelId = z.infer<typeof ChannelId>;
