import { userInfo } from 'node:os';
import type { FixParts } from './cli/fix.ts';
import type { Commands } from './cli/program.ts';
import type { SignParts } from './cli/sign.ts';
import { programAsCalled } from './cli/terminal/as-called.ts';
import type { Console } from './cli/terminal/console.ts';
import { EXIT } from './cli/terminal/exit-status.ts';
import type { Config } from './config/config.ts';
import { OperatorError } from './model/operator-error.ts';
import type { HostSettings } from './model/settings/settings.ts';
import { wordsFor } from './words/index.ts';
import type { AuditTrail, Log } from './workflow/ports.ts';

/**
 * What each command of the command line is made of. Everything is imported when its command runs: help shall not wait for
 * the parts of the bot. The playground is main.ts's own.
 */
export function createCommands(console: Console, process: NodeJS.Process): Omit<Commands, 'playground'> {
  const around = { console, process };
  return {
    serve: (options) => withConfig(options.config, around, (config) => serve(options.config, config, around)),
    diagnoseHost: (options) => withConfig(options.config, around, (config) => diagnoseHost(options, config, around)),
    diagnoseFacts: async (options) => {
      const { diagnoseFactsCommand } = await import('./cli/diagnose.ts');
      return diagnoseFactsCommand(options, console);
    },
    check: ({ config }) => check(config, around),
    health: (options) => withConfig(options.config, around, (config) => health(options.config, config, around)),
    auditList: (options) =>
      withAuditTrail(options.config, around, async (trail) => {
        const { auditListCommand } = await import('./cli/audit.ts');
        return auditListCommand(options, trail, console);
      }),
    auditVerify: ({ config }) =>
      withAuditTrail(config, around, async (trail) => {
        const { auditVerifyCommand } = await import('./cli/audit.ts');
        return auditVerifyCommand(trail, console);
      }),
    auditExport: ({ config, incident }) =>
      withAuditTrail(config, around, async (trail, { language }) => {
        const { auditExportCommand } = await import('./cli/audit.ts');
        return auditExportCommand({ incident, words: wordsFor(language) }, trail, console);
      }),
    sign: (options) => sign(options, around),
    hostSetup: (options) =>
      withConfig(options.config, around, async (config) => {
        const { hostSetupCommand } = await import('./cli/host-setup.ts');
        const { GUARD_DIGEST } = await import('./host/request/guard-program.ts');
        return hostSetupCommand(
          { ...options, program: programOf(process), guardDigest: GUARD_DIGEST },
          config,
          console,
        );
      }),
    fix: (options) => withConfig(options.config, around, (config) => fix(options, config, around)),
    hostGuard: async () => {
      const { GUARD_PROGRAM } = await import('./host/request/guard-program.ts');
      console.out(GUARD_PROGRAM);
      return EXIT.good;
    },
  };
}

function programOf({ argv, env }: NodeJS.Process): string {
  return programAsCalled(argv[1] ?? '', env);
}

type Around = { readonly console: Console; readonly process: NodeJS.Process };

async function withConfig(
  file: string,
  { console }: Around,
  command: (config: Config) => Promise<number>,
): Promise<number> {
  const { loadConfig } = await import('./cli/terminal/load-config.ts');
  const config = await loadConfig(file, console);
  return config === null ? EXIT.usage : command(config);
}

async function serve(file: string, config: Config, { console, process }: Around): Promise<number> {
  // As process 1 of a container Node would not hear a signal that comes before this.
  const toldToStop = firstSignal(process);
  const { serveCommand } = await import('./cli/serve.ts');
  const { createLog } = await import('./log.ts');
  const app = await import('./app.ts');
  return serveCommand(file, config, {
    console,
    environment: process.env,
    logsToTerminal: process.stdout.isTTY === true,
    createLog: (level, secrets) => createLog(level, { secrets }),
    start: app.serve,
    toldToStop: () => toldToStop,
  });
}

/** The first signal asks for a clean end; whoever sends a second one does not want to wait for it. */
function firstSignal(process: NodeJS.Process): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const onSignal = (signal: string) => {
    resolve(signal);
    for (const again of ['SIGTERM', 'SIGINT']) process.once(again, () => process.exit(EXIT.notGood));
  };
  for (const first of ['SIGTERM', 'SIGINT']) process.once(first, onSignal);
  return promise;
}

async function diagnoseHost(
  options: Parameters<Commands['diagnoseHost']>[0],
  config: Config,
  { console, process }: Around,
): Promise<number> {
  const { diagnoseHostCommand } = await import('./cli/diagnose.ts');
  const { createDiagnoser } = await import('./app.ts');
  const log = await commandLog(process);
  return diagnoseHostCommand(options, config, {
    console,
    environment: process.env,
    createDiagnoser: (ssh) => createDiagnoser(config.ssh, ssh, log),
  });
}

async function check(file: string, { console, process }: Around): Promise<number> {
  const { checkCommand } = await import('./cli/check/check.ts');
  const { Ssh2RemoteHost } = await import('./ssh/run/remote-host.ts');
  const { checkHost, whatLoginRuns } = await import('./ssh/run/check-host.ts');
  const { guardChecks } = await import('./cli/check/guard-check.ts');
  const { inWords } = await import('./model/host/host-check.ts');
  const { askGuardVersion } = await import('./workflow/host/ask-guard-version.ts');
  const { GUARD_DIGEST } = await import('./host/request/guard-program.ts');
  const { KeyFilePlanSigner } = await import('./ssh/signing/plan-signer.ts');
  const { checkSlack } = await import('./slack/check-slack.ts');
  const { breakGlassKeys } = await import('./break-glass-key.ts');
  const { recordAccessProblem } = await import('./store/record-access.ts');
  const log = await commandLog(process);
  return checkCommand(file, {
    console,
    environment: process.env,
    program: programOf(process),
    createHostChecker: ({ knownHosts }, ssh) => {
      const remote = new Ssh2RemoteHost({ knownHostsFile: knownHosts, ...ssh, log });
      const check = async (host: HostSettings) => {
        if (host.guard === null) return inWords(await checkHost(remote, host), console.words.trialCheck.trialNote);
        const answer = await askGuardVersion(remote, host);
        const login = answer.kind === 'not-connected' ? 'unclear' : await whatLoginRuns(remote, host);
        return guardChecks({ ...host, guard: host.guard }, { answer, login }, GUARD_DIGEST, console.words);
      };
      return { check, close: () => remote.close() };
    },
    recordProblem: recordAccessProblem,
    breakGlassKeys,
    createPlanSigner: (key, ssh) => new KeyFilePlanSigner(key, ssh),
    checkSlack: ({ incidentChannel }, secrets, named) => {
      const { botToken, apiUrl: slackApiUrl } = secrets;
      const appToken = secrets.mode === 'socket' ? secrets.appToken : null;
      return checkSlack({ slackApiUrl, botToken, appToken, incidentChannel, ...named, log, words: console.words });
    },
  });
}

async function sign(options: Parameters<Commands['sign']>[0], around: Around): Promise<number> {
  const { signRecordedCommand, signTextCommand } = await import('./cli/sign.ts');
  const { PlanId } = await import('./model/record/ids.ts');
  const parts = await signParts(around);
  const id = PlanId.safeParse(options.plan);
  if (!id.success) return signTextCommand(options.plan, options, parts);
  if (options.config !== null) {
    return withAuditTrail(options.config, around, (trail) => signRecordedCommand(id.data, options, trail, parts));
  }
  around.console.err(around.console.words.sign.planIdNeedsConfig(id.data));
  return EXIT.usage;
}

async function signParts({ console, process }: Around): Promise<SignParts> {
  const { openTerminal } = await import('./cli/terminal/terminal.ts');
  const { parsePlanDocument, planDocument, unpasted } = await import('./host/request/plan-document.ts');
  const { APPROVAL_NAMESPACE: namespace, SshKeygen } = await import('./ssh/signing/ssh-keygen.ts');
  const keygen = new SshKeygen(process.env);
  return {
    console,
    stdin: process.stdin,
    now: new Date(),
    openTerminal,
    unpasted,
    parse: parsePlanDocument,
    write: planDocument,
    sign: (text, keyFile, terminal) => keygen.sign(text, { namespace, keyFile, terminal }),
    check: (text, signature) => keygen.checkNoValidate(text, signature, namespace),
  };
}

/** Break glass: with the bot's own workflows, on its record, and without Slack. */
async function fix(
  options: Parameters<Commands['fix']>[0],
  config: Config,
  { console, process }: Around,
): Promise<number> {
  const { serveConfig } = await import('./config/serve-config.ts');
  const { readSshEnvironment } = await import('./config/environment.ts');
  const { hostNamed } = await import('./cli/diagnose.ts');
  const { problemsIn, refuse } = await import('./cli/terminal/load-config.ts');
  const { words } = console;
  const host = hostNamed(options.host, config, console);
  if (host === null) return EXIT.usage;
  if (config.breakGlass === null) {
    console.err(words.fix.fixNotConfigured());
    return EXIT.usage;
  }
  const complete = serveConfig(config);
  const ssh = readSshEnvironment(process.env, [host]);
  if (complete.kind !== 'ok' || ssh.kind !== 'ok') {
    refuse(options.config, problemsIn(complete, ssh), console);
    return EXIT.usage;
  }
  const { allowedSigners } = config.breakGlass;
  const { fixCommand } = await import('./cli/fix.ts');
  const { openTerminal } = await import('./cli/terminal/terminal.ts');
  const { createFixer } = await import('./app.ts');
  const { breakGlassWith, unreadableAmong } = await import('./break-glass-key.ts');
  const unreadable = await unreadableAmong([allowedSigners, options.key]);
  if (unreadable !== null) {
    console.err(words.fix.fixUnreadable(unreadable));
    return EXIT.usage;
  }
  const log = await commandLog(process);
  const parts: FixParts = {
    console,
    openTerminal,
    interrupted: () => interrupted(process, () => console.err(words.fix.FIX_ENDING)),
    createFixer: (serving) => createFixer(serving, { user: userInfo().username, ssh: ssh.value, log }),
    breakGlass: breakGlassWith({ keyFile: options.key, allowedSigners, environment: process.env }),
  };
  return unlessRecordFails(console, () => fixCommand(host, complete.value, parts));
}

/** The first interrupt ends the waiting, which `say` tells; a second one the program. */
function interrupted(process: NodeJS.Process, say: () => void): AbortSignal {
  const stop = new AbortController();
  process.once('SIGINT', () => {
    stop.abort();
    say();
  });
  return stop.signal;
}

/** What the record cannot do is said in its own words, which tell what to do. */
async function unlessRecordFails(console: Console, command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    console.err(console.words.operatorProblem.operatorProblem(error.operatorProblem));
    return EXIT.notGood;
  }
}

async function health(file: string, config: Config, { console }: Around): Promise<number> {
  const { healthCommand } = await import('./cli/health.ts');
  const { askHealth } = await import('./http/ask-health.ts');
  const { healthSocketFile, recordFile } = await import('./http/health-socket.ts');
  const { existsSync } = await import('node:fs');
  return healthCommand(file, config, {
    console,
    recordFileOf: recordFile,
    isThere: existsSync,
    socketFileOf: healthSocketFile,
    ask: askHealth,
  });
}

/** Opens the record for reading; one that cannot be read cannot be vouched for, so that counts as broken. */
async function withAuditTrail(
  file: string,
  around: Around,
  command: (trail: AuditTrail, config: Config) => Promise<number>,
): Promise<number> {
  const { storeConfig } = await import('./config/serve-config.ts');
  const { refuse } = await import('./cli/terminal/load-config.ts');
  const { openSqliteAuditTrail } = await import('./store/open-sqlite-store.ts');
  const { console } = around;
  return withConfig(file, around, async (config) => {
    const store = storeConfig(config);
    if (store.kind !== 'ok') {
      refuse(file, store.problems, console);
      return EXIT.usage;
    }
    return unlessRecordFails(console, async () => {
      const { auditTrail, close } = await openSqliteAuditTrail(store.value.url);
      return command(auditTrail, config).finally(close);
    });
  });
}

/** A command at a terminal is quiet about its own doings unless LOG_LEVEL asks; never on stdout, where results go. */
async function commandLog(process: NodeJS.Process): Promise<Log> {
  const { createLog } = await import('./log.ts');
  const { readLogLevel } = await import('./config/environment.ts');
  const level = readLogLevel(process.env, 'silent');
  return createLog(level.kind === 'ok' ? level.value : 'silent', { destination: process.stderr });
}
