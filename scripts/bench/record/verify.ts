import { openSqliteAuditTrail } from '../../../src/store/open-sqlite-store.ts';

/** Verifies a record in a process of its own, and prints how long that took and how much memory. */
const { auditTrail, close } = await openSqliteAuditTrail(`sqlite:${process.argv[2]}`);
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const check = await auditTrail.verify();
const ms = performance.now() - startedAt;
const cpuMs = process.cpuUsage(cpuBefore).user / 1000;
await close();
const { kind, entries } = check;
const problems = check.kind === 'broken' ? check.problems.slice(0, 3) : [];
console.log(JSON.stringify({ kind, entries, ms, cpuMs, maxRssKiB: process.resourceUsage().maxRSS, problems }));
