import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { program } from 'commander';
import { missingRequirements } from '../test/support/requirements.ts';
import { keptWith } from './hosts/kept.ts';
import { NEEDED } from './hosts/needed.ts';
import { tableOf } from './hosts/report.ts';
import { ROWS } from './hosts/rows/index.ts';
import { runRow } from './hosts/run-row.ts';
import { sampleOf } from './hosts/sample.ts';
import type { Seen } from './hosts/seen.ts';

/**
 * `npm run hosts`: one host of each kind, built for real in namespaces of its own, with the whole flow on each: check,
 * diagnosis, plan, outcome and undo through its own SSH server, in trial mode and with an installed guard. Status 1 if
 * the product said something else than a row expects. `--write` replaces the table in docs/hosts.md; rows that did not run
 * now are as an earlier run on this machine has seen them.
 */
program
  .option('--json', 'print everything as one JSON object')
  .option('--only <ids>', 'only rows or groups with these names, with commas between them')
  .option('--sample <count>', 'only so many rows, of those that need nothing but this machine', Number)
  .option('--seed <number>', 'repeats a sample', Number)
  .option('--write', 'write docs/hosts.md');
const options = program.parse().opts<{ json?: true; only?: string; sample?: number; seed?: number; write?: true }>();

const missing = missingRequirements(NEEDED);
if (missing.length > 0) {
  console.error(`The hosts need ${missing.join(', ')} on this machine. Nothing was run.`);
  process.exit(1);
}

const seed = options.seed ?? Date.now() % 1_000_000_007;
const names = options.only?.split(',');
const named = ROWS.filter(({ id, group }) => names === undefined || names.includes(id) || names.includes(group));
const rows = options.sample === undefined ? named : sampleOf(named, options.sample, seed);
const seen: Seen[] = [];
for (const row of rows) {
  const one = await runRow(row);
  seen.push(one);
  if (options.json) continue;
  for (const { way, summary, ms } of one.ways) console.log(`${row.id} (${way}): ${summary}, ${ms} ms`);
  for (const problem of one.problems) console.error(`${row.id}: ${problem}`);
}
if (options.json) console.log(JSON.stringify({ seed, seen }));
else
  console.log(
    `${seen.length} hosts, ${seen.filter(({ problems }) => problems.length > 0).length} with problems, seed ${seed}`,
  );
if (options.write) writeFileSync(fileURLToPath(new URL('../docs/hosts.md', import.meta.url)), tableOf(keptWith(seen)));
process.exitCode = seen.some(({ problems }) => problems.length > 0) ? 1 : 0;
