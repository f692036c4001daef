import { program } from 'commander';
import { type CrashReport, runCrashCampaign } from '../test/support/crash/crash-campaign.ts';
import { INVARIANTS } from '../test/support/crash/invariants.ts';
import { STEPS } from '../test/support/crash/kill-point.ts';
import { TROUBLES } from '../test/support/crash/trouble.ts';
import { missingRequirements } from '../test/support/requirements.ts';

/**
 * `npm run crash`: the whole flow with a real sshd, real registries and the stand-in Slack, while the bot is killed at every
 * recorded step and at random moments, the network is cut, Slack fails and the clock moves. Status 1 if anything was lost,
 * doubled or stuck.
 */
program
  .option('--runs <count>', 'how many flows from a request to a fixed registry', Number, 1_000)
  .option('--at-once <count>', 'how many hosts one bot has', Number, 8)
  .option('--seed <number>', 'repeats the choices of a run; that of a violation repeats its round', Number);
const options = program.parse().opts<{ runs: number; atOnce: number; seed?: number }>();

const missing = missingRequirements(['linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl']);
if (missing.length > 0) {
  console.error(`The campaign needs ${missing.join(', ')} on this machine. Nothing was run.`);
  process.exit(1);
}
const seed = options.seed ?? Date.now() % 1_000_000_007;
console.log(`seed ${seed}`);
const report = await runCrashCampaign({
  ...options,
  seed,
  told: (done, violations) => console.error(`${done} of ${options.runs} runs, ${violations} violations`),
});
print(report);
process.exitCode = report.violations.length === 0 ? 0 : 1;

function print({ kills, troubles, violations, ...of }: CrashReport): void {
  const row = (what: string, ...numbers: readonly number[]) =>
    console.log(what.padEnd(50) + numbers.map((number) => String(number).padStart(9)).join(''));
  console.log(
    `\n${of.runs} runs in ${Math.round(of.seconds)} s: ${of.incidents} incidents, ${of.entries} entries, ${of.executions} executions\n`,
  );
  console.log('killed at'.padEnd(50) + ['before', 'after'].map((when) => when.padStart(9)).join(''));
  for (const step of STEPS) row(step, kills.get(`${step} before`) ?? 0, kills.get(`${step} after`) ?? 0);
  row('a random moment', kills.get('at random') ?? 0);
  console.log('\nin trouble');
  for (const trouble of TROUBLES) row(trouble, troubles.get(trouble) ?? 0);
  console.log('\nviolations');
  for (const invariant of INVARIANTS) row(invariant, violations.filter((one) => one.invariant === invariant).length);
  for (const { seed: round, invariant, what } of violations) console.log(`\n--seed ${round}: ${invariant}\n${what}`);
}
