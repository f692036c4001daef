import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { fixedIncident } from '../../../test/store/fixed-incident.ts';
import { auditDraft, standingClock } from '../../../test/store/samples.ts';
import { runCli } from '../../../test/support/bots/run-cli.ts';
import { makeKey } from '../../../test/support/hosts/sshd.ts';
import { type Aim, printHeading, printNote } from '../report.ts';
import { runProgram } from '../run-program.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const ENTRIES = 10_000;
const TENTH = ENTRIES / 10;
const LIMIT = { ms: 10_000, mib: 500 } as const;

/** Its last line on stderr is the most memory that it had. */
const TELLS_MEMORY =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\n"+process.resourceUsage().maxRSS))';

/** The document of one incident with very many entries, as people run it: written, and verified by someone who has the key only. */
export async function benchExportIncident(): Promise<readonly Aim[]> {
  printHeading(`the document of an incident of ${ENTRIES} entries`);
  const directory = await mkdtemp(join(tmpdir(), 'rd-bench-export-'));
  try {
    const config = await recordIn(directory);
    const key = (await runCli(['audit', 'key', '--config', config])).stdout.trim();
    const aims: Aim[] = [];
    for (const form of ['md', 'html', 'json']) {
      const tenth = await measured(['export', '1', '--format', form, '--config', config], join(directory, 'small'));
      const file = join(directory, `incident.${form}`);
      const written = await measured(['export', '2', '--format', form, '--config', config], file);
      const verified = await measured(['verify', file, '--key', key], join(directory, 'said'));
      printNote(`${form}: ${told(written)}, of a tenth of the entries ${told(tenth)}; verified in ${told(verified)}`);
      aims.push(
        { what: `export as ${form}`, measured: written.ms, limit: LIMIT.ms, direction: 'at most', unit: 'ms' },
        {
          what: `memory for export as ${form}`,
          measured: written.mib,
          limit: LIMIT.mib,
          direction: 'at most',
          unit: 'MiB',
        },
        { what: `verify ${form}`, measured: verified.ms, limit: LIMIT.ms, direction: 'at most', unit: 'ms' },
      );
    }
    return aims;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Incident 1 has a tenth of the entries of incident 2. Returns the config file. */
async function recordIn(directory: string): Promise<string> {
  await makeKey(directory, 'plan_key', 'ed25519');
  const config = join(directory, 'config.yml');
  await writeFile(
    config,
    `store: { url: "sqlite:record.db" }
ssh: { knownHosts: known_hosts }
signing: { key: plan_key }
hosts: { git01: { address: 10.0.0.5, user: u, registry: { layout: omnibus } } }
`,
  );
  const { store, close } = await openSqliteStore(`sqlite:${join(directory, 'record.db')}`, { clock: standingClock() });
  for (const entries of [TENTH, ENTRIES]) {
    const id = await fixedIncident(store);
    await store.transact(async (tx) => {
      const fixed = (await tx.auditEntries(id)).length;
      for (let n = fixed; n < entries; n += 1) await tx.appendAudit(auditDraft(id, 'diagnosis-requested'));
    });
  }
  await close();
  return config;
}

type Cost = { readonly ms: number; readonly mib: number };

/** Runs `audit` into a file. */
async function measured(args: readonly string[], file: string): Promise<Cost> {
  const script = `"$@" > "${file}" 2> "${file}.err" || { cat "${file}.err" >&2; exit 1; }; tail -n 1 "${file}.err"`;
  const node = [process.execPath, '--import', TELLS_MEMORY, MAIN, 'audit', ...args];
  const { stdout, ms } = await runProgram({ command: ['sh', '-c', script, 'sh', ...node], stdin: '' });
  return { ms, mib: Number(stdout.toString()) / 1024 };
}

function told({ ms, mib }: Cost): string {
  return `${(ms / 1_000).toFixed(1)} s and ${Math.round(mib)} MiB`;
}
