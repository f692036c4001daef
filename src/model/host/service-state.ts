import { z } from 'zod';
import { Fact } from '../fact.ts';
import { UnixSeconds } from './posix.ts';

/** What the service manager reports about the registry. */
export const Supervision = z.strictObject({
  manager: z.enum(['systemd', 'runit']),
  unit: z.string(),
  state: z.enum(['running', 'stopped', 'failed', 'restarting']),
  /** Restarts that the manager counted (systemd's NRestarts). Absent if it counts none. */
  restarts: Fact(z.number().int().min(0)),
  /** Since when it has been in that state. */
  since: Fact(UnixSeconds),
  /** How its main process ended (systemd's Result, systemd.exec(5)): `success`, `exit-code`, `signal`, `oom-kill`, … */
  result: z.string().max(40).nullable().default(null),
});
export type Supervision = z.infer<typeof Supervision>;

/** The process that listens on one of the registry's TCP ports, on an address that the registry would need. */
export const Listener = z.strictObject({
  port: z.number().int().min(1).max(65_535),
  /** The process of the socket. Null: it could not be found. */
  pid: z.number().int().positive().nullable(),
  /** The short name of that process (proc_pid_comm(5)). Its arguments might hold secrets. */
  command: z.string().max(64).nullable(),
});
export type Listener = z.infer<typeof Listener>;

/** The certificate that the registry verifies tokens with, and the key that GitLab signs them with, as digests only. */
export const TokenTrust = z.strictObject({
  certificatePath: z.string(),
  certificateKeyDigest: Fact(z.string()),
  notBefore: Fact(UnixSeconds),
  notAfter: Fact(UnixSeconds),
  signingKeyPath: Fact(z.string()),
  signingKeyDigest: Fact(z.string()),
});
export type TokenTrust = z.infer<typeof TokenTrust>;

/** How the service is kept running, and what else it needs. */
export const ServiceState = z.strictObject({
  supervision: Fact(Supervision),
  /** Listeners on the ports that the registry's config names. */
  listeners: Fact(z.array(Listener).max(16)),
  tokenTrust: Fact(TokenTrust),
  /** How often the kernel has killed because memory ran out in the registry's control group. */
  memoryKills: Fact(z.number().int().min(0)),
  /** The first port that needs no capability to bind (ip_sysctl.rst, ip_unprivileged_port_start). */
  unprivilegedPorts: Fact(z.number().int().min(0)),
  /** Whether the kernel's clock counts as synchronized (adjtimex(2)). */
  clockSynchronised: Fact(z.boolean()),
});
export type ServiceState = z.infer<typeof ServiceState>;
