import { type Command, Option } from 'commander';
import type { Config, StoreSettings } from '../config/config.ts';
import { DOCUMENT_FORMS, type DocumentForm } from '../model/record/documents/document-form.ts';
import { IncidentId } from '../model/record/ids.ts';
import type { AuditTrail } from '../workflow/ports/audit-trail.ts';
import type { EraseOptions } from './audit/erase-details.ts';
import type { StreamWanted } from './audit/stream-entries.ts';
import { type CommandLine, moment, type WithConfig, wholeNumber, withConfig } from './terminal/command-line.ts';
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
  audit
    .command('verify')
    .description(DESCRIPTIONS.auditVerify)
    .argument('[document]', DESCRIPTIONS.documentArgument)
    .option('--config <file>', DESCRIPTIONS.config)
    .option('--checkpoint <file>', DESCRIPTIONS.checkpointFile)
    .option('--slack', DESCRIPTIONS.verifySlack, false)
    .option('--host <host>', DESCRIPTIONS.verifyHost)
    .option('--key <key>', DESCRIPTIONS.documentKey)
    .action(async (document: string | undefined, { config, key, ...options }: VerifyOptions, command: Command) => {
      const isWithOthers = options.slack || options.host !== undefined || options.checkpoint !== undefined;
      if (document !== undefined && isWithOthers) return command.error(words.cli.USAGE.documentOnly);
      const needsConfig = document === undefined || key === undefined;
      if (needsConfig && config === undefined) return command.error(words.cli.USAGE.configNeeded);
      exitWith(
        document === undefined
          ? await verify({ ...options, config: config ?? '' }, commandLine)
          : await verifyExported({ document, key: key ?? null, config: config ?? '' }, commandLine),
      );
    });
  withConfig(audit.command('checkpoint').description(DESCRIPTIONS.auditCheckpoint), words).action(
    async (options: WithConfig) => exitWith(await checkpoint(options, commandLine)),
  );
  withConfig(audit.command('key').description(DESCRIPTIONS.auditKey), words).action(async (options: WithConfig) =>
    exitWith(await key(options, commandLine)),
  );
  withConfig(audit.command('export').description(DESCRIPTIONS.auditExport), words)
    .argument('[incident]', DESCRIPTIONS.incidentArgument, wholeNumber(words))
    .option('--since <when>', DESCRIPTIONS.exportSince, moment(words))
    .option('--until <when>', DESCRIPTIONS.exportUntil, moment(words))
    .addOption(
      new Option('--format <form>', DESCRIPTIONS.exportFormat).choices([...DOCUMENT_FORMS, 'ocsf']).default('md'),
    )
    .option('--json', DESCRIPTIONS.json, false)
    .action(async (incident: number | undefined, options: ExportOptions, command: Command) => {
      if ((incident === undefined) === (options.since === undefined)) {
        return command.error(words.cli.USAGE.incidentOrSince);
      }
      exitWith(await exportIncidents(incident, options, commandLine));
    });
  withConfig(audit.command('stream').description(DESCRIPTIONS.auditStream), words)
    .option('--after <number>', DESCRIPTIONS.streamAfter, wholeNumber(words), 0)
    .option('--follow', DESCRIPTIONS.streamFollow, false)
    .action(async (options: WithConfig & StreamWanted) => exitWith(await stream(options, commandLine)));
  withConfig(audit.command('backup').description(DESCRIPTIONS.auditBackup), words)
    .argument('<file>', DESCRIPTIONS.backupFile)
    .action(async (file: string, options: WithConfig) =>
      exitWith(
        await onStore(options, commandLine, async ({ url }) =>
          (await import('./audit/back-up.ts')).backUp(url, file, console),
        ),
      ),
    );
  withConfig(audit.command('migrate').description(DESCRIPTIONS.auditMigrate), words)
    .requiredOption('--from <url>', DESCRIPTIONS.migrateFrom)
    .action(async ({ from, ...options }: WithConfig & { readonly from: string }) =>
      exitWith(
        await onStore(options, commandLine, async (store) =>
          (await import('./audit/migrate-record.ts')).migrateRecord(from, store, console),
        ),
      ),
    );
  withConfig(audit.command('erase').description(DESCRIPTIONS.auditErase), words)
    .option('--incident <number>', DESCRIPTIONS.eraseIncident, wholeNumber(words))
    .option('--person <id>', DESCRIPTIONS.erasePerson)
    .option('--yes', DESCRIPTIONS.eraseYes, false)
    .action(async (options: WithConfig & EraseOptions) =>
      exitWith(
        await onStore(options, commandLine, async (store) =>
          (await import('./audit/erase-details.ts')).eraseDetails(options, store, console),
        ),
      ),
    );
}

async function stream(options: WithConfig & StreamWanted, { console, process }: CommandLine): Promise<number> {
  const { streamEntries } = await import('./audit/stream-entries.ts');
  const ending = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => ending.abort());
  const to = { console, stdout: process.stdout, stop: ending.signal };
  return read(options.config, console, (trail) => streamEntries(options, trail, to));
}

/** Works on the record that the config names. */
async function onStore(
  { config: file }: WithConfig,
  { console }: CommandLine,
  work: (store: StoreSettings) => Promise<number>,
): Promise<number> {
  const { loadConfig, loadedStore } = await import('./terminal/load-config.ts');
  const config = await loadConfig(file, console);
  const store = config && loadedStore(file, config, console);
  return store === null ? EXIT.usage : work(store);
}

type ListOptions = WithConfig & { readonly incident?: number; readonly limit: number };

async function list({ config, incident, limit }: ListOptions, { console }: CommandLine): Promise<number> {
  const { listEntries } = await import('./audit/list-entries.ts');
  return read(config, console, (trail) => listEntries({ incident: incident ?? null, limit }, trail, console));
}

type VerifyOptions = Partial<WithConfig> & {
  readonly checkpoint?: string;
  readonly slack: boolean;
  readonly host?: string;
  readonly key?: string;
};

async function verify(
  { config: file, checkpoint, slack, host }: WithConfig & Omit<VerifyOptions, 'config' | 'key'>,
  commandLine: CommandLine,
): Promise<number> {
  const { verifyRecord } = await import('./audit/verify-record.ts');
  const { NOTHING_ASKED, together } = await import('./audit/testimony.ts');
  return read(file, commandLine.console, async (trail, config) => {
    const { askHost } = await import('./audit/ask-host.ts');
    const { askSlack } = await import('./audit/ask-slack.ts');
    const onHost = host === undefined ? NOTHING_ASKED : await askHost(host, { config, file }, commandLine);
    if (onHost === null) return EXIT.usage;
    const inSlack = slack ? await askSlack(trail, { config, file }, commandLine) : NOTHING_ASKED;
    if (inSlack === null) return EXIT.usage;
    const { askCosignature } = await import('./audit/cosigned.ts');
    const testimony = together(together(onHost, inSlack), await askCosignature(trail, config, commandLine.console));
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

type ExportedDocument = WithConfig & { readonly document: string; readonly key: string | null };

/** The keys are those that are named, or those of the config. */
async function verifyExported({ document, key, config }: ExportedDocument, { console }: CommandLine): Promise<number> {
  const { verifyDocument } = await import('./audit/verify-document.ts');
  const { keysNamed, recordKeys } = await import('./audit/record-key.ts');
  const { PRODUCT_VERSION: writtenBy } = await import('../model/product-version.ts');
  if (key !== null) return verifyDocument(document, { keys: await keysNamed(key), writtenBy }, console);
  const { loadConfig } = await import('./terminal/load-config.ts');
  const read = await loadConfig(config, console);
  if (read === null) return EXIT.usage;
  const keys = await recordKeys(read.signing, read.store?.formerKeys ?? []);
  return verifyDocument(document, { keys, writtenBy }, console);
}

type ExportOptions = WithConfig & {
  readonly since?: Date;
  readonly until?: Date;
  readonly format: DocumentForm | 'ocsf';
  readonly json: boolean;
};

async function exportIncidents(
  incident: number | undefined,
  { config, since, until, format, json }: ExportOptions,
  { console, process }: CommandLine,
): Promise<number> {
  const { exportDocument } = await import('./audit/export-incident.ts');
  const { exportSources } = await import('../compose/record/export-sources.ts');
  const entries = since === undefined ? { incidentId: IncidentId.parse(incident) } : { since, until: until ?? null };
  return read(config, console, (trail, { language, signing }) =>
    exportDocument({ form: json ? 'json' : format, entries, language }, exportSources(trail, signing, process.env), {
      console,
      stdout: process.stdout,
    }),
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
