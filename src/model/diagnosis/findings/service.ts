import { z } from 'zod';
import { HttpAnswer } from '../../host/facts.ts';
import { HostPath } from '../../host/host-path.ts';
import { Mode, UnixSeconds } from '../../host/posix.ts';
import { LogComplaint, LoggedAccess } from '../../host/registry-logs.ts';
import { Supervision } from '../../host/service-state.ts';
import { GuardReason } from '../../plan/guard-reason.ts';
import { Reason } from '../../reason.ts';
import { atPath, hostWide } from './basics.ts';

/** A message in the registry's own log. */
const said = z.strictObject({ words: z.string(), at: UnixSeconds.nullable() });

/** The address that the registry was to listen on, and what sets it. */
const listens = {
  /** The address as the registry's own message gives it. */
  address: z.string().nullable().default(null),
  /** The key that sets the address. Null: the registry's config file does not set it. */
  key: z.enum(['http.addr', 'http.debug.addr']).nullable().default(null),
  line: z.number().int().min(1).nullable().default(null),
  /** The variable of its environment that overrides the key. */
  variable: z.enum(['REGISTRY_HTTP_ADDR', 'REGISTRY_HTTP_DEBUG_ADDR']).nullable().default(null),
};

/** What in the config keeps the registry from starting. */
export const ConfigProblem = z.enum([
  'several-drivers',
  'no-driver',
  'unknown-driver',
  'driver-setting',
  'several-kinds',
  'unknown-auth',
  'auth-setting',
  'syntax',
  'value',
  'version',
  'address',
  'other',
]);
export type ConfigProblem = z.infer<typeof ConfigProblem>;

/** Failed pushes or pulls, known only from the log. */
const failedRequests = {
  ...atPath,
  /** The path that the registry's message names. */
  path: HostPath.nullable(),
  /** The kind of the complaint. Null: its kind is unknown. */
  complaint: LogComplaint.nullable(),
  count: z.number().int().min(1),
  said,
  /** The last failed request. Null if only the message is known. */
  request: LoggedAccess.nullable().default(null),
};

/** A process, the account that runs it, and the account that the settings name. */
const notByAccount = {
  ...hostWide,
  pid: z.number().int(),
  user: z.string(),
  uid: z.number().int(),
  account: z.string(),
};

/** Faults of the service, and what could not be found out about it. */
export const SERVICE_FINDINGS = [
  z.strictObject({
    id: z.literal('service-not-running'),
    ...hostWide,
    serviceUser: z.string().nullable(),
    /** The service manager's state of it. */
    state: Supervision.shape.state.nullable().default(null),
    /** The line with which it ended, and the kind of complaint. */
    lastWords: said.nullable().default(null),
    complaint: LogComplaint.nullable().default(null),
  }),
  z.strictObject({
    id: z.literal('restart-loop'),
    ...hostWide,
    manager: Supervision.shape.manager.nullable(),
    restarts: z.number().int().min(0).nullable(),
    lastWords: said.nullable(),
    complaint: LogComplaint.nullable(),
  }),
  z.strictObject({
    id: z.literal('port-taken'),
    ...hostWide,
    port: z.number().int().nullable(),
    pid: z.number().int().positive().nullable(),
    command: z.string().nullable(),
    said: said.nullable(),
    ...listens,
  }),
  z.strictObject({ id: z.literal('address-unavailable'), ...hostWide, ...listens, said }),
  z.strictObject({
    id: z.literal('port-not-permitted'),
    ...hostWide,
    ...listens,
    port: z.number().int().nullable(),
    /** The first port that needs no capability. Null: unknown. */
    unprivilegedPorts: z.number().int().min(0).nullable(),
    said,
  }),
  z.strictObject({
    id: z.literal('config-invalid'),
    ...hostWide,
    problem: ConfigProblem,
    /** The path of the config file. */
    file: z.string().nullable(),
    line: z.number().int().min(1).nullable(),
    key: z.string().nullable(),
    /** For drivers or kinds of authentication: where each is set. Without a line: not in the file. */
    named: z.array(z.strictObject({ name: z.string(), line: z.number().int().min(1).nullable() })).max(8),
    said: said.nullable(),
  }),
  z.strictObject({ id: z.literal('upstream-unreachable'), ...hostWide, upstream: z.string().nullable(), said }),
  z.strictObject({
    id: z.literal('out-of-memory'),
    ...hostWide,
    toldBy: z.enum(['log', 'service-manager', 'kernel', 'control-group']),
    said: said.nullable(),
  }),
  z.strictObject({
    id: z.literal('redis-refuses-writes'),
    ...hostWide,
    reason: z.enum(['disk', 'memory', 'replica', 'login', 'rights']),
    said,
  }),
  z.strictObject({
    id: z.literal('token-certificate-mismatch'),
    ...hostWide,
    certificatePath: z.string(),
    /** The path of the signing key. Null: only the log shows the mismatch. */
    signingKeyPath: z.string().nullable(),
    said: said.nullable(),
  }),
  z.strictObject({
    id: z.literal('clock-skew'),
    ...hostWide,
    /** How far the host's clock is ahead of the bot's. Null if only the log says so. */
    aheadSeconds: z.number().nullable(),
    synchronised: z.boolean().nullable(),
    said: said.nullable(),
  }),
  /** The process takes the service's own permissions from everything that it creates. */
  z.strictObject({ id: z.literal('umask-too-tight'), ...hostWide, pid: z.number().int(), umask: Mode }),
  /** The process still runs with the config that it read at its start. */
  z.strictObject({
    id: z.literal('config-changed-since-start'),
    ...atPath,
    pid: z.number().int(),
    startedAt: UnixSeconds,
    changedAt: UnixSeconds,
  }),
  z.strictObject({ id: z.literal('maintenance-mode'), ...hostWide, refusedPushes: z.number().int().min(0) }),
  z.strictObject({ id: z.literal('database-unreachable'), ...hostWide, said }),
  z.strictObject({ id: z.literal('lock-file'), ...hostWide, said }),
  z.strictObject({ id: z.literal('redis-unreachable'), ...hostWide, said }),
  z.strictObject({ id: z.literal('object-storage-failing'), ...hostWide, driver: z.string(), said }),
  z.strictObject({ id: z.literal('pushes-failed'), ...failedRequests }),
  z.strictObject({ id: z.literal('pulls-failed'), ...failedRequests }),
  z.strictObject({
    id: z.literal('server-errors'),
    ...hostWide,
    requests: z.number().int().min(1),
    failed: z.number().int().min(1),
    /** When the first and the last counted minute began. */
    from: UnixSeconds,
    to: UnixSeconds,
    /** The first request that failed. Null: its log line was too long to be sent. */
    first: LoggedAccess.nullable(),
  }),
  z.strictObject({ id: z.literal('identity-unknown'), ...hostWide, why: Reason }),
  z.strictObject({
    id: z.literal('unexpected-service-user'),
    ...notByAccount,
    accountUid: z.number().int(),
  }),
  z.strictObject({ id: z.literal('foreign-registry-process'), ...notByAccount }),
  z.strictObject({
    id: z.literal('storage-root-unknown'),
    ...hostWide,
    why: Reason,
    /** Where the registry's config was looked for. Null: not known. */
    config: HostPath.nullable().default(null),
    /** Whether the config expects an Omnibus GitLab that the host doesn't have. */
    lacksOmnibus: z.boolean().default(false),
  }),
  z.strictObject({ id: z.literal('no-plan-can-run'), ...hostWide, why: GuardReason }),
  z.strictObject({ id: z.literal('storage-not-on-disk'), ...hostWide, driver: z.string() }),
  z.strictObject({ id: z.literal('health-check-off'), ...hostWide }),
  z.strictObject({
    id: z.literal('registry-unwell'),
    ...hostWide,
    v2: HttpAnswer.nullable(),
    health: HttpAnswer.nullable(),
  }),
  z.strictObject({
    id: z.literal('registry-not-answering'),
    ...hostWide,
    /** False: nothing on the host could send a request, which says nothing about the registry. */
    asked: z.boolean().default(true),
    /** The page that gave no answer. Null: there is no address to ask. */
    page: z.enum(['/v2/', '/debug/health']).nullable(),
    why: Reason,
  }),
] as const;
