import type { SshConfigProblem } from '../../model/settings/config-problem.ts';

/** Something in the user's ssh_config(5) that cannot be followed. Nothing is guessed in its place. */
export class UnusableSshConfig extends Error {
  readonly problem: SshConfigProblem;

  constructor(problem: SshConfigProblem) {
    super(JSON.stringify(problem));
    this.problem = problem;
  }
}
