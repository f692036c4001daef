import { program } from 'commander';
import PQueue from 'p-queue';
import { MUTANTS } from './attack-mutants/mutants.ts';
import { runMutant } from './attack-mutants/run-mutant.ts';

/**
 * `npm run attack-mutants`: removes one defense after the other from a copy of the product and runs its attack. Status
 * 1 if an attack's test still passes, because then the test shows nothing.
 */
program
  .option('--only <text>', 'only defenses, files or attacks that have this in them', '')
  .option('--workers <number>', 'how many at once', Number, 2);
const { only, workers } = program.parse().opts<{ only: string; workers: number }>();

const chosen = MUTANTS.filter((mutant) => Object.values(mutant).some((text) => text.includes(only)));
const queue = new PQueue({ concurrency: workers });
const fates = await queue.addAll(
  chosen.map((mutant) => async () => {
    const { fate, output } = await runMutant(mutant);
    console.log(`${fate.padEnd(8)} without "${mutant.defense}": ${mutant.attack}`);
    if (fate !== 'caught') console.log(output.slice(-4_000));
    return fate;
  }),
);
const notCaught = fates.filter((fate) => fate !== 'caught').length;
console.log(
  `${fates.length} defenses taken out, ${fates.length - notCaught} attacks got through then, ${notCaught} did not.`,
);
process.exitCode = notCaught === 0 && fates.length > 0 ? 0 : 1;
