import { program } from 'commander';
import { CHAOS_INVARIANTS, type ChaosReport, runChaosCampaign } from '../test/support/chaos/chaos-campaign.ts';
import { CHAOS } from '../test/support/chaos/chaos-trouble.ts';
import { missingRequirements } from '../test/support/requirements.ts';

/**
 * `npm run chaos`: whole flows with a real Postgres, sshd and registries and the stand-in Slack, on several bots that are killed, stopped past
 * their leases and cut off from Postgres or Slack, while Postgres restarts and Slack fails. Status 1 if anything was lost, doubled or stuck. SIGINT ends
 * it with the flows that are under way.
 */
program
  .option('--flows <count>', 'how many flows from a request to a fixed registry', Number, 2_000)
  .option('--at-once <count>', 'how many hosts there are', Number, 24)
  .option('--bots <count>', 'how many bots work on one record', Number, 3)
  .option('--seed <number>', 'repeats the choices of a run', Number)
  .option('--logs', 'prints what the bots logged, if there is a violation');
const options = program.parse().opts<{ flows: number; atOnce: number; bots: number; seed?: number; logs?: true }>();

const missing = missingRequirements(['linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl', 'postgres']);
if (missing.length > 0) {
  console.error(`The campaign needs ${missing.join(', ')} on this machine. Nothing was run.`);
  process.exit(1);
}
const seed = options.seed ?? Date.now() % 1_000_000_007;
console.log(`seed ${seed}`);
const enough = new AbortController();
process.once('SIGINT', () => enough.abort());
const report = await runChaosCampaign({
  ...options,
  seed,
  enough: enough.signal,
  told: (done, violations) => console.error(`${done} of ${options.flows} flows, ${violations} violations`),
});
print(report);
process.exitCode = report.violations.length === 0 ? 0 : 1;

function print({ chaos, violations, logs, ...of }: ChaosReport): void {
  const row = (what: string, number: number) => console.log(what.padEnd(50) + String(number).padStart(9));
  console.log(
    `\n${of.flows} flows on ${options.bots} bots in ${Math.round(of.seconds)} s: ${of.incidents} incidents, ${of.entries} entries, ${of.executions} executions\n`,
  );
  row('requests that Slack saw acknowledged', of.requests);
  row('lost: the bot that acknowledged them was killed', of.killedRequests);
  console.log();
  for (const trouble of CHAOS) row(trouble, chaos.get(trouble) ?? 0);
  row('delivery handed over to another bot', of.handovers);
  console.log('\nviolations');
  for (const invariant of CHAOS_INVARIANTS)
    row(invariant, violations.filter((one) => one.invariant === invariant).length);
  for (const { invariant, what } of violations) console.log(`\n${invariant}\n${what}`);
  if (options.logs && violations.length > 0) for (const log of logs) console.log(`\n${log}`);
}
