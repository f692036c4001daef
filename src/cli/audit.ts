import type { Command } from 'commander';
import type { Config } from '../config/config.ts';
import { wordsFor } from '../words/index.ts';
import type { AuditTrail } from '../workflow/ports.ts';
import { type CommandLine, type WithConfig, wholeNumber, withConfig } from './terminal/command-line.ts';
import { EXIT } from './terminal/exit-status.ts';

const DEFAULT_LIMIT = 50;

/** Adds the commands below `audit`. */
export function addAudit(program: Command, commandLine: CommandLine): void {
  const { console, exitWith } = commandLine;
  const { words } = console;
  const { DESCRIPTIONS } = words.cli;
  const audit = program.command('audit').description(DESCRIPTIONS.audit);
  withConfig(audit.command('list').description(DESCRIPTIONS.auditList), words)
    .option('--incident <number>', DESCRIPTIONS.incident, wholeNumber(words))
    .option('--limit <number>', DESCRIPTIONS.limit, wholeNumber(words), DEFAULT_LIMIT)
    .action(async (options: ListOptions) => exitWith(await list(options, commandLine)));
  withConfig(audit.command('verify').description(DESCRIPTIONS.auditVerify), words)
    .option('--checkpoint <file>', DESCRIPTIONS.checkpointFile)
    .option('--host <host>', DESCRIPTIONS.verifyHost)
    .action(async (options: VerifyOptions) => exitWith(await verify(options, commandLine)));
  withConfig(audit.command('checkpoint').description(DESCRIPTIONS.auditCheckpoint), words).action(
    async (options: WithConfig) => exitWith(await checkpoint(options, commandLine)),
  );
  withConfig(audit.command('key').description(DESCRIPTIONS.auditKey), words).action(async (options: WithConfig) =>
    exitWith(await key(options, commandLine)),
  );
  withConfig(audit.command('export').description(DESCRIPTIONS.auditExport), words)
    .argument('<incident>', DESCRIPTIONS.incidentArgument, wholeNumber(words))
    .option('--json', DESCRIPTIONS.json, false)
    .action(async (incident: number, options: ExportOptions) =>
      exitWith(await exportIncident(incident, options, commandLine)),
    );
}

type ListOptions = WithConfig & { readonly incident?: number; readonly limit: number };

async function list({ config, incident, limit }: ListOptions, { console }: CommandLine): Promise<number> {
  const { listEntries } = await import('./audit/list-entries.ts');
  return read(config, console, (trail) => listEntries({ incident: incident ?? null, limit }, trail, console));
}

type VerifyOptions = WithConfig & { readonly checkpoint?: string; readonly host?: string };

async function verify({ config: file, checkpoint, host }: VerifyOptions, commandLine: CommandLine): Promise<number> {
  const { verifyRecord } = await import('./audit/verify-record.ts');
  const { NOTHING_ASKED } = await import('./audit/testimony.ts');
  return read(file, commandLine.console, async (trail, config) => {
    const { askHost } = await import('./audit/ask-host.ts');
    const testimony = host === undefined ? NOTHING_ASKED : await askHost(host, { config, file }, commandLine);
    if (testimony === null) return EXIT.usage;
    const { signing, store } = config;
    const by = { signing, formerKeys: store?.formerKeys ?? [], file: checkpoint ?? null, testimony };
    return verifyRecord(trail, by, commandLine.console);
  });
}

async function checkpoint({ config }: WithConfig, { console }: CommandLine): Promise<number> {
  const { printCheckpoint } = await import('./audit/print-checkpoint.ts');
  return read(config, console, (trail) => printCheckpoint(trail, console));
}

async function key({ config: configFile }: WithConfig, { console }: CommandLine): Promise<number> {
  const { loadConfig } = await import('./terminal/load-config.ts');
  const { printRecordKey } = await import('./audit/record-key.ts');
  const config = await loadConfig(configFile, console);
  return config === null ? EXIT.usage : printRecordKey(config.signing, console);
}

type ExportOptions = WithConfig & { readonly json: boolean };

async function exportIncident(
  incident: number,
  { config, json }: ExportOptions,
  { console }: CommandLine,
): Promise<number> {
  const { exportIncidentAs } = await import('./audit/export-incident.ts');
  return read(config, console, (trail, { language }) =>
    exportIncidentAs(json ? 'json' : 'markdown', { incident, words: wordsFor(language) }, trail, console),
  );
}

async function read(
  configFile: string,
  console: CommandLine['console'],
  work: (trail: AuditTrail, config: Config) => Promise<number>,
): Promise<number> {
  const { withAuditTrail } = await import('./terminal/with-audit-trail.ts');
  return withAuditTrail(configFile, console, work);
}
