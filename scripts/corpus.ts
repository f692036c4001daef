import { availableParallelism } from 'node:os';
import { program } from 'commander';
import { missingRequirements } from '../test/support/requirements.ts';
import { NOT_BUILDABLE } from './corpus/not-buildable.ts';
import { printReport } from './corpus/report.ts';
import { NEEDED } from './corpus/requirements.ts';
import { runWorkers } from './corpus/run-workers.ts';
import { sampleOf } from './corpus/sample.ts';
import { scenariosOf } from './corpus/scenarios/index.ts';
import { isAimReached, tallyOf } from './corpus/tally.ts';

/**
 * `npm run corpus`: hosts with known faults and hosts without any, built for real on this machine, with the kernel as
 * the judge. Reports how many the diagnosis got right and whether its plans fix them, compared with what people use
 * today. Status 1 if the aim is missed.
 */
program
  .option('--json', 'print everything as one JSON object')
  .option('--sample <count>', 'only so many of each cause', Number)
  .option('--causes <count>', 'with --sample: only so many causes, as the seed picks them', Number)
  .option('--only <text>', 'only scenarios whose cause or name has this in it')
  .option('--seed <number>', 'repeats the random part of a run', Number)
  .option('--workers <number>', 'how many scenarios at once', Number, availableParallelism());
const options = program.parse().opts<{
  json?: true;
  sample?: number;
  causes?: number;
  only?: string;
  seed?: number;
  workers: number;
}>();

const missing = missingRequirements(NEEDED);
if (missing.length > 0) {
  console.error(`The corpus needs ${missing.join(', ')} on this machine. Nothing was run.`);
  process.exit(1);
}

const seed = options.seed ?? Date.now() % 1_000_000_007;
const { only = '' } = options;
const all = scenariosOf(seed).filter(({ cause, name }) => cause === only || name.includes(only));
const scenarios = options.sample === undefined ? all : sampleOf(all, options.sample, seed, options.causes);
const startedAt = performance.now();
const outcomes = await runWorkers(scenarios, { seed, workers: options.workers });
const tally = tallyOf(outcomes);
const run = { seed, seconds: (performance.now() - startedAt) / 1000, outcomes, tally, notBuildable: NOT_BUILDABLE };
if (options.json) console.log(JSON.stringify({ ...run, aimReached: isAimReached(tally) }));
else printReport(run);
process.exitCode = isAimReached(tally) ? 0 : 1;
