import type { OutputFault } from '../../model/connection/output-fault.ts';
import { type Fact, known, knownValue, unknown } from '../../model/fact.ts';
import { type AclEntry, Facts, type Identity, type ServiceProcess } from '../../model/host/facts.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import type { HostName } from '../../model/record/ids.ts';
import { FieldValues } from '../frame/field-values.ts';
import { MalformedOutput, orMalformed } from '../frame/malformed-output.ts';
import { guardReasonIn } from '../frame/parse-guard-reason.ts';
import { type OutputField, readFields } from '../frame/read-fields.ts';
import { readSections, type Sections, sectionOf } from '../frame/sections.ts';
import { parseImageLinks } from './contents/parse-image-links.ts';
import { parseStorageContents } from './contents/parse-storage-contents.ts';
import { parseDiskAndMounts } from './disk/parse-disk-and-mounts.ts';
import { parseHostHistory } from './history/parse-host-history.ts';
import { parseRegistryLogs } from './logs/parse-registry-logs.ts';
import { parseAcls } from './place/parse-acls.ts';
import { withAttributes } from './place/parse-attributes.ts';
import { parseMounts } from './place/parse-mounts.ts';
import { type Acls, parseNodes, pathFrom } from './place/parse-nodes.ts';
import { parseSecurity } from './place/parse-security.ts';
import { noTries, type OtherUsers, parseTries, type Tries } from './place/parse-tries.ts';
import { usedPaths, type WalkedPath, walkedPaths } from './place/parse-used-paths.ts';
import { parseView } from './place/parse-view.ts';
import { parseAnswers } from './registry/parse-answers.ts';
import { parseConfigFacts } from './registry/parse-config-facts.ts';
import { parseConfigLines } from './registry/parse-config-lines.ts';
import { parseAccount, parseForeignProcesses, parseProcess } from './registry/parse-service.ts';
import { parseServiceState } from './service/parse-service-state.ts';

export type ParsedProbe =
  | { readonly kind: 'facts'; readonly facts: Facts }
  /** The probe walked another storage root than the bot reads in the config. It has to run again with this root. */
  | { readonly kind: 'walked-other-root'; readonly root: HostPath }
  | { readonly kind: 'malformed'; readonly why: OutputFault };

type Walk = Tries & Pick<Facts, 'nodes' | 'mounts' | 'aclTools' | 'view'>;

/** Turns the output of `probeRequest` into facts. Never throws for what a host printed. */
export function parseProbe(
  raw: Uint8Array,
  expected: { readonly nonce: string; readonly host: HostName },
): ParsedProbe {
  return orMalformed(() => {
    const outputFields = readFields(raw, { script: 'probe', nonce: expected.nonce });
    const fields = new FieldValues(outputFields);
    return parsedFrom(fields, outputFields, readSections(fields, expected.nonce), expected.host);
  });
}

function parsedFrom(
  fields: FieldValues,
  outputFields: readonly OutputField[],
  sections: Sections,
  host: HostName,
): ParsedProbe {
  const { config, storageRoot } = parseConfigFacts(fields);
  const walkedRoot = fields.all('walked-root').length > 0 ? pathFrom(fields.bytes('walked-root')) : null;
  if (storageRoot.state === 'known' && storageRoot.value !== walkedRoot) {
    return { kind: 'walked-other-root', root: storageRoot.value };
  }
  const onMachine = machine(fields);
  const process = parseProcess(fields, onMachine.bootedAt);
  const account = parseAccount(fields);
  const identity = knownValue(process)?.identity ?? knownValue(account);
  const walked = walkedPaths(outputFields);
  const { pathTries, ...walk } = parseWalk(fields, outputFields, identity, walked);
  const { innerSpaces, ...disk } = parseDiskAndMounts(sectionOf(sections, 'disk_and_mounts'), {
    ...walk,
    ...onMachine,
    storageRoot,
  });
  const facts = Facts.parse({
    version: 1,
    host,
    ...onMachine,
    config,
    configFile: parseConfigLines(fields),
    process: withMounts(process, walk),
    foreignProcesses: parseForeignProcesses(fields),
    account,
    storageRoot,
    ...walk,
    ...parseAnswers(fields, sections),
    paths: usedPaths(walked, pathTries, innerSpaces, config),
    ...disk,
    ...parseSecurity(sectionOf(sections, 'security')),
    ...parseStorageContents(sectionOf(sections, 'storage_contents')),
    imageLinks: parseImageLinks(sectionOf(sections, 'image_links')),
    service: parseServiceState(sectionOf(sections, 'service_state'), fields.number('taken-at')),
    logs: parseRegistryLogs(sectionOf(sections, 'registry_logs'), fields.number('taken-at')),
    history: parseHostHistory(sectionOf(sections, 'host_history')),
    clockAheadSeconds: unknown('clock-incomparable'),
  });
  return { kind: 'facts', facts };
}

function machine(fields: FieldValues) {
  const { start, end } = uptimesFrom(fields.text('uptimes'));
  return {
    takenAt: fields.number('taken-at'),
    hostname: fields.text('hostname'),
    bootId: fields.fact('boot-id', (value) => Buffer.from(value).toString('latin1')),
    bootedAt: fields.fact('booted-at', (value) => Number(Buffer.from(value).toString('latin1'))),
    probe: {
      user: fields.text('probe-user'),
      uid: fields.number('probe-uid'),
      scriptMs: Math.round((end - start) * 1000),
    },
    uptimeSeconds: known(end),
    plansRefused: guardReasonIn(fields, 'plan-refused'),
  };
}

/** Start and end in seconds on the clock of /proc/uptime, which has hundredths. */
function uptimesFrom(text: string): { readonly start: number; readonly end: number } {
  const [, start, end] = /^(\d+\.\d\d) (\d+\.\d\d)$/.exec(text) ?? [];
  const uptimes = { start: Number(start), end: Number(end) };
  if (!(uptimes.end >= uptimes.start)) throw new MalformedOutput('unreadable', 'uptimes');
  return uptimes;
}

function parseWalk(
  fields: FieldValues,
  outputFields: readonly OutputField[],
  identity: Identity | null,
  walked: readonly WalkedPath[],
): Walk {
  const nodes = withAttributes(
    parseNodes(outputFields, fields.bytes('stats'), (paths) => aclsOf(fields, paths)),
    fields.fact('attributes', (output) => output),
  );
  const others = new Map(
    walked.flatMap(({ usedBy }, index) => (usedBy === null ? [] : [[index + 1, usedBy] as const])),
  );
  const tries = triesOf(fields, outputFields, identity, others);
  const paths = new Set(nodes.map((node) => node.path));
  if (tries.searchTries.some(({ path }) => !paths.has(path))) {
    throw new MalformedOutput('unexpected', 'directory try');
  }
  const aclTools = known(fields.text('acl-tools') === 'yes');
  const view = parseView(fields, outputFields, nodes);
  return { nodes, ...tries, mounts: fields.fact('mounts', parseMounts), aclTools, view };
}

/**
 * Adds the mounts that the process sees. They are those on the walked path if the probe walked in the process's view.
 */
function withMounts(
  process: Fact<ServiceProcess>,
  { view, mounts }: Pick<Walk, 'view' | 'mounts'>,
): Fact<ServiceProcess> {
  return process.state === 'known' && view.kind === 'process' ? known({ ...process.value, mounts }) : process;
}

function aclsOf(fields: FieldValues, paths: readonly HostPath[]): Acls {
  const same = (acl: Fact<AclEntry[]>) => new Map(paths.map((path) => [path, acl]));
  if (fields.all('acls-none').length > 0) return same(known([]));
  const acls = fields.fact('acls', (output) => parseAcls(output, paths));
  return acls.state === 'known' ? acls.value : same(acls);
}

function triesOf(
  fields: FieldValues,
  outputFields: readonly OutputField[],
  identity: Identity | null,
  others: OtherUsers,
): Tries {
  if (fields.all('tried').length > 0 && identity !== null) return parseTries(outputFields, identity, others);
  return noTries(fields.fact('tried-as', neverKnown));
}

function neverKnown(): never {
  throw new MalformedOutput('missing', 'tries');
}
