import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const REPO = fileURLToPath(new URL('../../', import.meta.url));
const CONFIG = join(REPO, '.dependency-cruiser.mjs');

/** Importer, what it imports, and the rule that must say no. */
const FORBIDDEN = [
  ['src/model/a.ts', '../diagnosis/b.ts', 'model-imports-only-itself'],
  ['src/log.ts', './model/b.ts', 'log-imports-nothing'],
  ['src/config/a.ts', '../words/b.ts', 'config-imports-only-model'],
  ['src/diagnosis/a.ts', '../host/b.ts', 'diagnosis-imports-only-model'],
  ['src/approval/a.ts', '../diagnosis/b.ts', 'approval-imports-only-model'],
  ['src/incident/a.ts', '../approval/b.ts', 'incident-imports-only-model'],
  ['src/diagnosis/access/a.ts', '../checks/b.ts', 'diagnosis-access-imports-no-other-room'],
  ['src/diagnosis/durability/a.ts', '../checks/b.ts', 'diagnosis-durability-imports-only-access'],
  ['src/diagnosis/checks/a.ts', '../plan/b.ts', 'diagnosis-checks-imports-only-access'],
  ['src/diagnosis/checks/a.ts', '../durability/b.ts', 'diagnosis-checks-imports-only-access'],
  ['src/diagnosis/checks/c.ts', '../access/disk/missing-mount.ts', 'conditions-are-judged-once'],
  ['src/diagnosis/plan/c.ts', '../access/contents/wrong-owners.ts', 'conditions-are-judged-once'],
  ['src/diagnosis/durability/c.ts', '../access/disk/wrong-disk.ts', 'conditions-are-judged-once'],
  ['src/diagnosis/why-now/c.ts', '../access/denial/file-trouble.ts', 'conditions-are-judged-once'],
  ['src/diagnosis/plan/a.ts', '../checks/b.ts', 'diagnosis-plan-imports-only-access'],
  ['src/diagnosis/why-now/a.ts', '../plan/b.ts', 'diagnosis-why-now-imports-only-access-checks'],
  ['src/diagnosis/access/kernel/a.ts', '../judge/b.ts', 'diagnosis-access-kernel-imports-no-other-room'],
  ['src/diagnosis/access/judge/a.ts', '../disk/b.ts', 'diagnosis-access-judge-imports-only-kernel'],
  ['src/diagnosis/access/disk/a.ts', '../contents/b.ts', 'diagnosis-access-disk-imports-only-kernel-judge'],
  ['src/diagnosis/access/contents/a.ts', '../after/b.ts', 'diagnosis-access-contents-imports-only-kernel-judge-disk'],
  ['src/diagnosis/access/denial/a.ts', '../disk/b.ts', 'diagnosis-access-denial-imports-only-kernel-judge'],
  ['src/diagnosis/access/after/a.ts', '../denial/b.ts', 'diagnosis-access-after-imports-only-kernel-contents'],
  ['src/host/frame/a.ts', '../probe/b.ts', 'host-frame-imports-no-other-room'],
  ['src/host/request/a.ts', '../answer/b.ts', 'host-request-imports-no-other-room'],
  ['src/host/probe/a.ts', '../request/b.ts', 'host-probe-imports-only-frame'],
  ['src/host/answer/a.ts', '../request/b.ts', 'host-answer-imports-only-frame-probe'],
  ['src/host/probe/logs/a.ts', '../place/b.ts', 'host-probe-logs-imports-no-other-room'],
  ['src/ssh/wire/a.ts', '../trust/b.ts', 'ssh-wire-imports-no-other-room'],
  ['src/ssh/trust/a.ts', '../connect/b.ts', 'ssh-trust-imports-only-wire'],
  ['src/ssh/connect/a.ts', '../run/b.ts', 'ssh-connect-imports-only-wire-trust'],
  ['src/ssh/signing/a.ts', '../connect/b.ts', 'ssh-signing-imports-only-wire-trust'],
  ['src/slack/blocks/a.ts', '../cards/b.ts', 'slack-blocks-imports-no-other-room'],
  ['src/slack/cards/a.ts', '../delivery/b.ts', 'slack-cards-imports-only-blocks'],
  ['src/cli/terminal/a.ts', '../check/b.ts', 'cli-terminal-imports-no-other-room'],
  ['src/slack/connection/a.ts', '../people/b.ts', 'slack-connection-imports-no-other-room'],
  ['src/slack/people/a.ts', '../requests/b.ts', 'slack-people-imports-only-connection'],
  ['src/slack/delivery/a.ts', '../requests/b.ts', 'slack-delivery-imports-only-connection-cards-people'],
  ['src/slack/requests/a.ts', '../delivery/b.ts', 'slack-requests-imports-only-connection-blocks-cards-people'],
  ['src/host/a.ts', '../diagnosis/b.ts', 'host-imports-only-model'],
  ['src/hash/a.ts', '../words/b.ts', 'hash-imports-only-model'],
  ['src/metrics/a.ts', '../store/b.ts', 'metrics-imports-only-model-workflow'],
  ['src/telling/a.ts', '../workflow/b.ts', 'telling-imports-only-model-words'],
  ['src/record/a.ts', '../workflow/b.ts', 'record-imports-only-model-hash-approval'],
  ['src/record/c.ts', 'node:util', 'pure-folders-use-no-node-api'],
  ['src/words/a.ts', '../config/b.ts', 'words-imports-only-model'],
  ['src/telling/c.ts', '../words/en/b.ts', 'only-the-catalogue-imports-a-language'],
  ['src/words/phrase.ts', './en/b.ts', 'only-the-catalogue-imports-a-language'],
  ['src/words/zh-Hans/a.ts', '../en/b.ts', 'languages-do-not-import-each-other'],
  ['src/workflow/a.ts', '../ssh/b.ts', 'workflow-imports-only-diagnosis-approval-incident-record-model-host-hash'],
  ['src/workflow/c.ts', '../words/b.ts', 'workflow-imports-only-diagnosis-approval-incident-record-model-host-hash'],
  ['src/workflow/record/a.ts', '../plan/b.ts', 'workflow-record-imports-no-other-room'],
  ['src/workflow/host/a.ts', '../record/b.ts', 'workflow-host-imports-no-other-room'],
  ['src/workflow/jobs/a.ts', '../delivery/b.ts', 'workflow-jobs-imports-no-other-room'],
  ['src/workflow/delivery/a.ts', '../record/b.ts', 'workflow-delivery-imports-no-other-room'],
  ['src/workflow/plan/a.ts', '../host/b.ts', 'workflow-plan-imports-only-record'],
  ['src/workflow/review/a.ts', '../execution/b.ts', 'workflow-review-imports-only-record-host-plan'],
  ['src/workflow/incident/a.ts', '../execution/b.ts', 'workflow-incident-imports-only-record-host-plan-review'],
  ['src/workflow/execution/a.ts', '../review/b.ts', 'workflow-execution-imports-only-record-host-plan-incident'],
  ['src/workflow/plan/c.ts', '../bot.ts', 'rooms-of-workflow-do-not-import-the-bot'],
  ['src/workflow/ports/a.ts', '../plan/b.ts', 'context-ports-and-requests-import-no-room'],
  ['src/store/tables/a.ts', '../record/b.ts', 'store-tables-imports-no-other-room'],
  ['src/store/sqlite/a.ts', '../tables/b.ts', 'store-sqlite-imports-no-other-room'],
  ['src/store/migrations/a.ts', '../tables/b.ts', 'store-migrations-imports-no-other-room'],
  ['src/store/record/a.ts', '../outbox/b.ts', 'store-record-imports-only-tables'],
  ['src/store/outbox/a.ts', '../record/b.ts', 'store-outbox-imports-only-tables'],
  ['src/slack/a.ts', '../store/b.ts', 'slack-imports-only-model-telling-words-log-hash-workflow'],
  ['src/ssh/a.ts', '../host/b.ts', 'ssh-imports-only-model-log-hash-workflow'],
  ['src/ssh/c.ts', '../words/b.ts', 'ssh-imports-only-model-log-hash-workflow'],
  ['src/store/a.ts', '../slack/b.ts', 'store-imports-only-model-log-hash-record-workflow'],
  ['src/store/c.ts', '../words/b.ts', 'store-imports-only-model-log-hash-record-workflow'],
  ['src/http/a.ts', '../store/b.ts', 'http-imports-only-model-log-hash-workflow'],
  ['src/http/d.ts', '../words/b.ts', 'http-imports-only-model-log-hash-workflow'],
  ['src/approval/d.ts', '../words/b.ts', 'approval-imports-only-model'],
  ['src/incident/d.ts', '../words/b.ts', 'incident-imports-only-model'],
  ['src/record/d.ts', '../words/b.ts', 'record-imports-only-model-hash-approval'],
  [
    'src/cli/a.ts',
    '../store/b.ts',
    'cli-imports-only-model-config-diagnosis-hash-host-record-telling-words-workflow-compose-log-playground',
  ],
  ['src/cli/audit/a.ts', '../check/b.ts', 'cli-audit-imports-only-terminal-files'],
  ['src/cli/check/a.ts', '../sign/b.ts', 'cli-check-imports-only-terminal-files'],
  ['src/cli/diagnose/a.ts', '../fix/b.ts', 'cli-diagnose-imports-only-terminal-files'],
  ['src/cli/fix/a.ts', '../diagnose/b.ts', 'cli-fix-imports-only-terminal-files'],
  ['src/cli/serve/a.ts', '../check/b.ts', 'cli-serve-imports-only-terminal-files'],
  ['src/cli/sign/a.ts', '../audit/b.ts', 'cli-sign-imports-only-terminal-files'],
  ['src/cli/d.ts', '../compose/b.ts', 'commands-load-their-rooms-when-they-run'],
  ['src/cli/d.ts', './check/b.ts', 'commands-load-their-rooms-when-they-run'],
  ['src/cli/d.ts', '../config/b.ts', 'commands-load-their-rooms-when-they-run'],
  ['src/compose/a.ts', '../cli/b.ts', 'compose-imports-no-command-and-no-playground'],
  ['src/compose/a.ts', '../playground/b.ts', 'compose-imports-no-command-and-no-playground'],
  ['src/slack/c.ts', '../compose/b.ts', 'only-commands-and-the-playground-import-compose'],
  ['src/main.ts', './compose/b.ts', 'only-commands-and-the-playground-import-compose'],
  ['src/diagnosis/c.ts', 'node:fs', 'pure-folders-use-no-node-api'],
  ['src/approval/c.ts', 'node:crypto', 'pure-folders-use-no-node-api'],
  ['src/telling/c.ts', 'node:util', 'pure-folders-use-no-node-api'],
  ['src/main.ts', './playground/b.ts', 'only-its-command-imports-the-playground'],
  ['src/cli/c.ts', '../playground/b.ts', 'only-its-command-imports-the-playground'],
  ['src/slack/c.ts', '../root.ts', 'folders-do-not-import-the-root'],
  ['src/playground/a.ts', '../root.ts', 'folders-do-not-import-the-root'],
  ['src/root2.ts', '../test/b.ts', 'src-imports-no-tests-and-no-scripts'],
  ['src/main.ts', 'emulate', 'src-uses-declared-production-packages'],
  ['src/http/c.ts', 'express', 'src-uses-declared-production-packages'],
  ['src/root3.ts', './nowhere.ts', 'imports-resolve'],
  ['src/ring.ts', './ring.ts', 'no-cycles'],
] as const;

const ALLOWED = [
  ['src/diagnosis/checks/d.ts', '../access/judge-access.ts'],
  ['src/main.ts', './cli/b.ts'],
  ['src/cli/e.ts', '../words/b.ts'],
  ['src/cli/e.ts', './terminal/b.ts'],
  ['src/cli/fix/e.ts', '../../compose/b.ts'],
  ['src/compose/e.ts', '../store/b.ts'],
  ['src/playground/a.ts', '../slack/b.ts'],
  ['src/playground/a.ts', '../compose/b.ts'],
  ['src/slack/d.ts', '../workflow/b.ts'],
  ['src/workflow/review/d.ts', '../plan/b.ts'],
  ['src/workflow/review/d.ts', '../ports/b.ts'],
  ['src/store/outbox/d.ts', '../tables/b.ts'],
  ['src/slack/d.ts', '../log.ts'],
  ['src/slack/d.ts', 'zod'],
  ['src/ssh/d.ts', 'node:fs'],
] as const;

const Violation = z.object({
  from: z.string(),
  unresolvedTo: z.string().optional(),
  to: z.string(),
  rule: z.object({ name: z.string() }),
});
const Cruise = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({ violations: z.array(Violation), totalCruised: z.number() }),
});

const planted = await mkdtemp(join(tmpdir(), 'rd-import-rules-'));
let found: z.infer<typeof Cruise>;
let printed: { readonly output: string; readonly exitCode: number };

before(async () => {
  const importers = new Map<string, string[]>();
  for (const [file, specifier] of [...FORBIDDEN, ...ALLOWED]) {
    importers.set(file, [...(importers.get(file) ?? []), `import ${JSON.stringify(specifier)};\n`]);
    if (!specifier.startsWith('.') || specifier === './nowhere.ts') continue;
    const target = join(dirname(file), specifier);
    if (!importers.has(target)) importers.set(target, []);
  }
  for (const [file, lines] of importers) {
    await mkdir(join(planted, dirname(file)), { recursive: true });
    await writeFile(join(planted, file), lines.join(''));
  }
  await cp(join(REPO, 'package.json'), join(planted, 'package.json'));
  await symlink(join(REPO, 'node_modules'), join(planted, 'node_modules'));
  found = Cruise.parse(JSON.parse((await cruise(planted, 'json')).output));
  printed = await cruise(planted, 'err-long');
});

after(() => rm(planted, { recursive: true, force: true }));

for (const [file, specifier, rule] of FORBIDDEN) {
  test(`the import rules forbid ${file} to import ${specifier}: ${rule}`, () => {
    const to = specifier.startsWith('.') ? join(dirname(file), specifier) : specifier;
    const rules = found.summary.violations
      .filter((violation) => violation.from === file && (sameModule(violation.to, to) || violation.to === specifier))
      .map((violation) => violation.rule.name);
    assert.ok(rules.includes(rule), `rules that spoke: ${rules.join(', ') || 'none'}`);
  });
}

for (const [file, specifier] of ALLOWED) {
  test(`the import rules allow ${file} to import ${specifier}`, () => {
    const to = specifier.startsWith('.') ? join(dirname(file), specifier) : specifier;
    const rules = found.summary.violations
      .filter((violation) => violation.from === file && sameModule(violation.to, to))
      .map((violation) => violation.rule.name);
    assert.deepEqual(rules, []);
  });
}

test('the import check fails on a broken rule and prints its name and reason', () => {
  assert.match(printed.output, /diagnosis-imports-only-model: src\/diagnosis\/a\.ts → src\/host\/b\.ts/);
  assert.match(printed.output, /Facts in, findings and a plan out/);
  assert.notEqual(printed.exitCode, 0);
});

test('the import check covers every module of src', async () => {
  const files = (await readdir(join(REPO, 'src'), { recursive: true })).filter((name) => name.endsWith('.ts'));
  const { modules } = Cruise.parse(JSON.parse((await cruise(REPO, 'json')).output));
  const seen = new Set(modules.map((module) => module.source));
  assert.deepEqual(
    files.map((name) => `src/${name}`).filter((name) => !seen.has(name)),
    [],
  );
});

/** A package is reported by the file that its name resolves to, a Node module without its `node:`. */
function sameModule(reported: string, expected: string): boolean {
  return (
    reported === expected ||
    `node:${reported}` === expected ||
    reported.includes(`node_modules/${expected}/`) ||
    reported.includes(`node_modules/@types/${expected}/`)
  );
}

function cruise(directory: string, reporter: string): Promise<{ output: string; exitCode: number }> {
  const args = [join(REPO, 'node_modules/.bin/depcruise')];
  args.push('--config', CONFIG, '--output-type', reporter, 'src');
  return new Promise((resolve) => {
    const options = { cwd: directory, maxBuffer: 64 * 2 ** 20, env: { ...process.env, NO_COLOR: '1' } };
    const child = execFile(process.execPath, args, options, (_, stdout) => {
      resolve({ output: stdout, exitCode: child.exitCode ?? -1 });
    });
  });
}
