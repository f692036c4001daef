import type { HostAnswer } from '../../compose/checker.ts';
import type { GuardVersion } from '../../model/connection/guard-version.ts';
import { checksUpTo, type HostCheck, type HostCheckName } from '../../model/host/host-check.ts';
import type { GuardSettings, HostSettings } from '../../model/settings/settings.ts';
import type { Words } from '../../words/index.ts';
import { CHECK_FAILED_BY, CONNECTION_CHECKS } from '../../workflow/host/connection-checks.ts';

type GuardedHost = HostSettings & { readonly guard: GuardSettings };

/**
 * The checks that one answer of an installed guard decides: the host is reachable and the known one, accepts the key,
 * and runs exactly this bot's guard (`digest`) as root, next to the files that the guard needs.
 */
export function guardChecks(
  host: GuardedHost,
  { answer, login }: Extract<HostAnswer, { kind: 'guard' }>,
  digest: string,
  words: Words,
): readonly HostCheck[] {
  const { name, guard } = host;
  if (login === 'commands') return upTo(host, 'forced-command', words.guardCheck.keyRunsCommands(name, host.ssh.user));
  switch (answer.kind) {
    case 'not-connected':
      return upTo(host, CHECK_FAILED_BY[answer.reason], words.ssh.sshProblem(answer.why));
    case 'sudo-refused':
      return upTo(
        host,
        'sudo',
        words.guardCheck.guardSudoRefused(name, answer.problem, words.guardCheck.saidByHost(answer.said)),
      );
    case 'other':
      return upTo(
        host,
        'guard',
        words.guardCheck.guardSilent(name, guard.path, words.guardCheck.endedWith(answer.exitCode, answer.said)),
      );
    case 'no-end':
      if (answer.why.code === 'guard-refused') {
        return upTo(host, 'guard', words.guardCheck.guardCantRecord(name, answer.why.why));
      }
      return upTo(host, 'guard', words.guardCheck.guardSilent(name, guard.path, words.noAnswer.noAnswer(answer.why)));
    case 'version':
      if (login === 'unclear') return upTo(host, 'forced-command', words.guardCheck.loginUnclear(name));
      return versionChecks(host, answer.version, digest, words);
  }
}

function versionChecks(host: GuardedHost, version: GuardVersion, digest: string, words: Words): readonly HostCheck[] {
  const problem = problemOf(host, version, digest, words);
  if (problem !== null) return upTo(host, 'guard', problem);
  const before = upTo(host, 'guard', null).slice(0, -1);
  return [...before, { what: 'guard', result: 'ok', why: words.guardCheck.guardInstalled(host.guard, digest) }];
}

function problemOf({ name, guard }: GuardedHost, version: GuardVersion, digest: string, words: Words): string | null {
  if (version.way !== 'installed') return words.guardCheck.guardNotInstalled(name, guard.path);
  if (version.uid !== 0) return words.guardCheck.guardNotRoot(name, version.uid);
  if (version.digest === null) return words.guardCheck.guardVersionUnknown(name);
  if (version.digest !== digest) return words.guardCheck.guardOfOtherVersion(name, version.digest, digest);
  if (version.botSigners !== 'good') return words.guardCheck.guardFile(name, 'allowed_signers', version.botSigners);
  if (version.permittedStorage !== 'good')
    return words.guardCheck.guardFile(name, 'permitted_storage', version.permittedStorage);
  if (version.recordRefused !== null) {
    return words.guardCheck.guardCantRecord(name, version.recordRefused);
  }
  const wantsApprovers = guard.approverSignature === 'high-risk';
  if (wantsApprovers && version.approverSigners !== 'good') {
    return words.guardCheck.guardFile(name, 'approver_signers', version.approverSigners);
  }
  if (!wantsApprovers && version.approverSigners !== 'absent') return words.guardCheck.guardWantsApprovers(name);
  return null;
}

function upTo({ ssh }: HostSettings, failed: HostCheckName, why: string | null): HostCheck[] {
  const all: readonly HostCheckName[] = [
    ...CONNECTION_CHECKS,
    'forced-command',
    // The forced command uses sudo for an account that is not root, whatever the config says about sudo.
    ...(ssh.sudo || ssh.user !== 'root' ? (['sudo'] as const) : []),
    'guard',
  ];
  return checksUpTo(all, failed, why);
}
