import type { SshConfigProblem } from '../../model/settings/config-problem.ts';

/** Something in the user's ssh_config(5) that can't be followed. Nothing is guessed instead. */
export class UnusableSshConfig extends Error {
  readonly problem: SshConfigProblem;

  constructor(problem: SshConfigProblem) {
    super(JSON.stringify(problem));
    this.problem = problem;
  }
}
