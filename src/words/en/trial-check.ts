import type { TrialEnd, TrialNote } from '../../model/host/host-check.ts';
import { withoutStop } from '../from-host.ts';
import { sentences } from '../sentences.ts';
import { guardCantRecord } from './guard-check.ts';
import { sshProblem } from './ssh.ts';
import { sudoAdvice } from './sudo-advice.ts';
import { duration } from './time.ts';

/** What `registry-doctor check` says of a host without an installed guard. */
export const trialNote = sentences<TrialNote>({
  ssh: ({ problem }) => sshProblem(problem),
  'account-runs-nothing': ({ at, end }) =>
    `The login as ${at.user} works, but the account runs no commands: ${endClause(end)}. Check its login shell (not nologin), its start-up files and ForceCommand.`,
  'sudo-refused': ({ host, at, problem, said }) =>
    `sudo on ${at.address} does not let ${at.user} run scripts as root: ${withoutStop(said)}. ${sudoAdvice(problem, host)}.`,
  'sudo-not-root': ({ host, at, end }) =>
    `sudo on ${at.address} did not make ${at.user} root: ${endClause(end)}. Install the sudoers rule that \`registry-doctor host setup ${host}\` prints.`,
  'guard-not-expected': ({ host }) =>
    `This key is forced to the installed guard, but the config has no "guard:" for ${host}. Add "guard: {}" for ${host} and "signing:" to the config, or replace the line in authorized_keys by the one that \`registry-doctor host setup ${host}\` prints.`,
  'record-refused': ({ host, because }) => guardCantRecord(host, because),
  'entered-nothing': ({ enter, end }) =>
    `no shell ran by ${enter.join(' ')}: ${endClause(end)}. Check that the container runs and has /bin/sh, and that its name is right in the config (enter).`,
  'without-sudo': ({ user }) =>
    `"sudo: false" in the config: the bot sees only what ${user} can see, and can’t fix anything`,
  'guard-over-stdin': ({ host, user, asRoot }) => {
    const power = asRoot
      ? `anyone who has the SSH key is root on ${host}`
      : `anyone who has the SSH key can do on ${host} what ${user} can`;
    return `not installed (trial mode): ${power}. To install it, add "guard: {}" for ${host} and "signing:" to the config, then follow \`registry-doctor host setup ${host}\``;
  },
});

const endClause = sentences<TrialEnd>({
  exited: ({ exitCode, said }) =>
    said === '' ? `exit code ${exitCode}` : `exit code ${exitCode}, ${withoutStop(said)}`,
  'no-answer': ({ timeoutMs }) => `no answer within ${duration(timeoutMs)}`,
  ssh: ({ problem }) => withoutStop(sshProblem(problem)),
});
