import type {
  ConfigProblem,
  EnvironmentExpectation,
  Expectation,
  Found,
  SshConfigProblem,
} from '../../model/settings/config-problem.ts';
import { isFromSlack, LOAD_SLACK_ENV, readableByBot } from '../setup-words.ts';
import { systemClause } from './system-error.ts';

/** What is wrong with the config file or the environment, one line each: where, what was found, what is expected. */
export function configProblem(file: string, problem: ConfigProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return `${file}: ${unreadable(file, problem)}`;
    case 'syntax':
      return `${file}:${problem.line}:${problem.column}: invalid YAML: ${problem.detail}`;
    case 'not-supported':
      return `${file}:${problem.line}: ${NOT_SUPPORTED[problem.what]}`;
    case 'unknown-key':
      return `${file}:${problem.line}: unknown key "${problem.key}".${suggestion(problem.nearest)} Valid keys here: ${problem.allowed.join(', ')}`;
    case 'missing-key':
      return `${file}:${problem.line}: "${problem.key}" is missing; expected ${expectation(problem.allowed)}`;
    case 'invalid':
      return `${file}:${problem.line}: "${problem.key}" is ${found(problem.found)}; expected ${expectation(problem.allowed)}`;
    case 'ssh-config':
      return `~/.ssh/config, for ${problem.host}: ${sshConfig(problem)}`;
    case 'call-too-late':
      return `${file}: for ${problem.host}, "${problem.key}" is ${problem.minutes}; expected less than "approvalTtlMinutes" (${problem.ttlMinutes}), or ${CALL_LOST[problem.key]}`;
    case 'alert-token':
      return `${problem.file}: expected ${variable(problem.allowed)}`;
    case 'alert-token-unreadable':
      return `can’t read the alert token ${problem.file}: ${systemClause(problem.why)}`;
    case 'environment':
      return `environment: ${environmentProblem(problem)}`;
  }
}

const CALL_LOST = {
  remindMinutes: 'no one is reminded',
  escalateAfterMinutes: 'no one in "escalateTo" is called',
} as const;

function sshConfig(problem: SshConfigProblem): string {
  switch (problem.what) {
    case 'unreadable':
      return `can’t read ${problem.file}: ${systemClause(problem.why)}`;
    case 'too-large':
      return `${problem.file} is larger than ${problem.maxBytes / 1024} KiB`;
    case 'include':
      return `its Include lines go more than ${problem.max} files deep`;
    case 'jumps':
      return `there are more than ${problem.max} jump hosts on the way, or a loop of them`;
    case 'match':
      return `“${problem.text}” can’t be used here; Match takes only all, host, originalhost, user, localuser`;
    case 'proxy-command':
      return `“ProxyCommand ${problem.text}” is not run; use ProxyJump, or name the way in the config of Registry Doctor`;
    case 'value':
      return `“${problem.text}” cannot be used; write the value out, without variables`;
  }
}

/** What is wrong with a variable; never its value, which is a secret. */
export function environmentProblem(problem: Extract<ConfigProblem, { kind: 'environment' }>): string {
  const expected = `expected ${variable(problem.allowed)}`;
  if (problem.state !== 'missing') return `${problem.variable} is not valid; ${expected}`;
  const load = isFromSlack(problem.allowed) ? `. If it is in slack.env, load that first: \`${LOAD_SLACK_ENV}\`` : '';
  return `${problem.variable} is not set; ${expected}${load}`;
}

/** The line after the problems. */
export function configRefused(count: number): string {
  return count === 1
    ? 'Nothing was done. Fix this and try again.'
    : `Nothing was done. Fix these ${count} problems and try again.`;
}

function unreadable(file: string, problem: Extract<ConfigProblem, { kind: 'unreadable' }>): string {
  switch (problem.why) {
    case 'missing':
      return 'no such file';
    case 'not-permitted':
      return `permission denied for the user that runs this. If that is the bot’s user, run as root: \`${readableByBot(file)}\``;
    case 'directory':
      return 'it is a directory, not a file';
    case 'not-utf8':
      return 'it is not UTF-8 text';
    case 'empty':
      return 'the file is empty. README.md has an example';
    case 'too-large':
      return `it is larger than ${problem.maxBytes / 1024} KiB, which no config file is`;
    case 'failed':
      return problem.detail;
  }
}

const NOT_SUPPORTED: Record<Extract<ConfigProblem, { kind: 'not-supported' }>['what'], string> = {
  alias: 'an alias (*name) cannot be used here; write the value out',
  anchor: 'an anchor (&name) cannot be used here; write the value out where it is needed',
  tag: 'a tag (!name) cannot be used here; remove it',
  'proto-key': 'the key "__proto__" cannot be used here',
  'second-document': 'a second YAML document begins here; the config is one document, without "---" in it',
};

function suggestion(nearest: string | null): string {
  return nearest === null ? '' : ` Did you mean "${nearest}"?`;
}

const MAX_SHOWN = 60;

function found(what: Found): string {
  if (what.kind !== 'text' && what.kind !== 'other') return FOUND[what.kind];
  const text = what.text.length > MAX_SHOWN ? `${what.text.slice(0, MAX_SHOWN)}…` : what.text;
  return what.kind === 'text' ? JSON.stringify(text) : text;
}

const FOUND = { nothing: 'empty', section: 'a section', list: 'a list' } as const;

function expectation(allowed: Expectation): string {
  if (allowed.kind === 'one-of') return allowed.values.join(' or ');
  if (allowed.kind === 'whole-number') return `a whole number from ${allowed.min} to ${allowed.max}`;
  if (allowed.kind === 'shorter-than-gap')
    return `a length of time under ${allowed.hours}h: the window opens again after that`;
  if (allowed.kind === 'host-of-no-group') return `a host that is in no group yet (it is in "${allowed.group}")`;
  return EXPECTATIONS[allowed.kind];
}

type WithValues = 'one-of' | 'whole-number' | 'shorter-than-gap' | 'host-of-no-group';

const EXPECTATIONS: Record<Exclude<Expectation['kind'], WithValues>, string> = {
  section: 'a section (keys below it, indented)',
  list: 'a list ([a, b], or "- a" lines)',
  'at-least-one-host': 'at least one host, by its name',
  boolean: 'true or false',
  'host-name': 'a name of letters, digits, ".", "_" and "-", at most 63, that starts with a letter or digit',
  'known-host': 'the name of a host under "hosts"',
  'known-group': 'the name of a group under "hostGroups"',
  recurrence: 'days and a time, as "Sun 02:00", "Mon,Thu 02:00" or "day 02:00"',
  'length-of-time': 'a length of time up to 7d, as 30m, 2h or 1d12h',
  'time-zone': 'a time zone, as Europe/Berlin or UTC',
  address: 'a DNS name or an IP address',
  'jump-host': 'a jump host as [user@]address[:port]; an IPv6 address with a port in brackets, [::1]:22',
  login: 'the name of a login on the host, without blanks',
  account: 'the name of an account on the host',
  file: 'the path of a file (relative ones start where the config file is)',
  command: 'a program and its arguments, as [docker, exec, -i, NAME]',
  signing:
    'a section with the key that plans are signed with (signing.key), because a host has an installed guard, which accepts only signed plans',
  'no-enter':
    'nothing, because this host has an installed guard: it runs on the host itself, and finds a registry in a container from there',
  'command-word': 'a word of the command: plain characters, without quotes, backslash, "$", "`" and "!"',
  'path-on-host': 'an absolute path on the host',
  'http-url': 'an http:// or https:// address of letters, digits and ._:/%+~- without user, password, "?" and "#"',
  'url-from-bot':
    'an http:// or https:// address at which the bot’s machine reaches the registry, not a loopback address such as 127.0.0.1',
  'store-url':
    'sqlite: and a path, as sqlite:./registry-doctor.db, or postgres://USER@HOST/DATABASE without a password (store.passwordFile or PGPASSWORD has it) and with no other options than sslmode (disable, require, verify-ca or verify-full), sslrootcert and host',
  socket:
    'the path of a socket on which the bot answers for its health, as /run/registry-doctor/health.sock: a record on Postgres has no directory for it',
  'syslog-url': 'tls://, tcp:// or udp:// with a host and a port, as tls://logs.example.com:6514',
  'witness-url': 'an https:// address, as https://witness.example.com (http:// only on this machine)',
  'witness-key': 'the Ed25519 key of the witness (type 4) as it publishes it, NAME+ID+BASE64',
  'channel-id': 'a Slack channel ID such as C0123456 (in Slack: channel name → About → Channel ID)',
  'user-id': 'a Slack member ID such as U0123456 (in Slack: profile → ⋮ → Copy member ID)',
  'other-time': 'another time than "from"',
  'listen-address': 'an IP address of this machine, as 127.0.0.1 or 0.0.0.0',
  'source-name': 'a name of letters, digits, "_" and "-", at most 63, that starts with a letter or digit',
  'at-least-one-source': 'at least one alert source, by its name',
  'at-least-one-label': 'at least one label with its value',
  'label-name': 'the name of a label, at most 128 characters',
  'label-value': 'the value of a label in quotes, in which * stands for any characters',
  'time-of-day': 'a time of day in quotes, from "00:00" to "23:59"',
  'group-id': 'a Slack user group ID such as S0123456 (in Slack: People → User groups → ⋮ → Copy group ID)',
};

function variable(allowed: EnvironmentExpectation): string {
  return allowed.kind === 'one-of' ? allowed.values.join(', ') : VARIABLES[allowed.kind];
}

const VARIABLES: Record<Exclude<EnvironmentExpectation['kind'], 'one-of'>, string> = {
  'bot-token': 'the bot token, which starts with xoxb- (api.slack.com/apps → OAuth & Permissions)',
  'app-token':
    'the app-level token, which starts with xapp- (api.slack.com/apps → Basic Information → App-Level Tokens)',
  'signing-secret': 'the signing secret (api.slack.com/apps → Basic Information)',
  'http-url': 'an http:// or https:// address',
  'alert-token': 'the token that the alert source sends: 16 to 512 ASCII characters without blanks',
  'webhook-secret': 'the secret that signs the webhooks: whsec_ and 24 to 64 bytes in Base64 (openssl rand -base64 32)',
  'otlp-headers':
    'headers as key=value, separated by commas, with percent-encoded values (authorization=Bearer%20TOKEN)',
  'agent-socket': 'the socket of a running ssh-agent (a host has no identityFile, so its key is asked of the agent)',
};
