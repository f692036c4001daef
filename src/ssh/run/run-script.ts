import type { ClientChannel } from 'ssh2';
import type { SshDetail, SshProblem } from '../../model/connection/ssh-problem.ts';
import type { RemoteOutcome, RunOptions } from '../../workflow/ports/host.ts';
import type { CommandEnd } from '../connect/command-end.ts';
import type { Connection, Session } from '../connect/connection.ts';
import { BoundedOutput } from '../wire/bounded-output.ts';
import { remoteText } from '../wire/remote-text.ts';

/** How a script ended on the host. It was sent, so `not-connected` is impossible. */
export type ScriptOutcome = Exclude<RemoteOutcome, { kind: 'not-connected' }>;

export type ScriptClock = {
  /** `performance.now()` from before the command was requested. */
  readonly startedAt: number;
  /** When timeout(1) ends the script on the host, in milliseconds from `startedAt`. */
  readonly remoteLimitMs: number;
  /** When the bot stops waiting, in case the host does not end the script. */
  readonly ownLimitMs: number;
};

/** How many times its kept size a stream can grow to before the bot stops reading it. */
const FLOOD_FACTOR = 4;
/**
 * How long the bot waits for further output after the script's end and the last byte. Background processes of a script
 * can hold its output open.
 */
const DRAIN_MS = 2000;
/**
 * How timeout(1) itself ends after it ended the script: with 124; killed by its own SIGKILL to the process group, or
 * with 137 if a program in between turns that into a number; with 143 if it is busybox's.
 */
const TIMEOUT_ENDS = new Set<number | string>([124, 137, 143, 'SIGKILL']);

/** Sends the input to a new session and resolves with its outcome. Never rejects. */
export function runScript(
  connection: Connection,
  session: Session,
  input: string,
  options: RunOptions,
  clock: ScriptClock,
): Promise<ScriptOutcome> {
  return new Promise((resolve) => {
    new ScriptRun(connection, session, options, clock, resolve).start(input);
  });
}

class ScriptRun {
  readonly #connection: Connection;
  readonly #channel: ClientChannel;
  readonly #end: CommandEnd;
  readonly #options: RunOptions;
  readonly #clock: ScriptClock;
  readonly #resolve: (outcome: ScriptOutcome) => void;
  readonly #stdout: BoundedOutput;
  readonly #stderr: BoundedOutput;
  readonly #tidyUp: (() => void)[] = [];
  #drainTimer: NodeJS.Timeout | undefined;

  constructor(
    connection: Connection,
    session: Session,
    options: RunOptions,
    clock: ScriptClock,
    resolve: (outcome: ScriptOutcome) => void,
  ) {
    this.#connection = connection;
    this.#channel = session.channel;
    this.#end = session.end;
    this.#options = options;
    this.#clock = clock;
    this.#resolve = resolve;
    this.#stdout = new BoundedOutput(options.maxOutputBytes);
    this.#stderr = new BoundedOutput(options.maxOutputBytes);
  }

  start(input: string): void {
    const channel = this.#channel;
    // These stay for the channel's whole life: both streams are read to their end, and no late error ends the process.
    channel.on('error', () => {});
    channel.stderr.on('error', () => {});
    channel.on('data', (chunk: Buffer) => this.#receive(this.#stdout, chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.#receive(this.#stderr, chunk));
    this.#end.onKnown(() => this.#exited());
    channel.on('close', () => this.#finish());
    this.#tidyUp.push(this.#connection.onLost((why) => this.#lost(why)));
    const limit = setTimeout(() => this.#overdue(), this.#clock.ownLimitMs);
    this.#tidyUp.push(() => clearTimeout(limit));
    channel.end(input);
  }

  #receive(output: BoundedOutput, chunk: Buffer): void {
    output.add(chunk);
    this.#drainTimer?.refresh();
    if (output.received > FLOOD_FACTOR * this.#options.maxOutputBytes) this.#flooded();
  }

  #exited(): void {
    this.#drainTimer = setTimeout(() => {
      this.#channel.close();
      this.#finish();
    }, DRAIN_MS);
    this.#tidyUp.push(() => clearTimeout(this.#drainTimer));
  }

  #finish(): void {
    if (this.#endedByTimeout()) {
      this.#settle({ kind: 'timed-out', timeoutMs: this.#options.timeoutMs, output: this.#output() });
    } else if (this.#end.exitCode !== null) {
      this.#settle({ kind: 'exited', exitCode: this.#end.exitCode, output: this.#output() });
    } else {
      const why: SshProblem =
        this.#end.signal === null
          ? { code: 'ended-without-status' }
          : { code: 'ended-by-signal', signal: remoteText(this.#end.signal) };
      this.#settle({ kind: 'no-exit-status', why, output: this.#output() });
    }
  }

  /**
   * Whether timeout(1) ended the script. A script can exit with these codes on its own, but hardly at exactly this
   * moment.
   */
  #endedByTimeout(): boolean {
    const elapsedMs = performance.now() - this.#clock.startedAt;
    return elapsedMs >= this.#clock.remoteLimitMs && TIMEOUT_ENDS.has(this.#end.exitCode ?? this.#end.signal ?? '');
  }

  #lost(detail: SshDetail): void {
    if (this.#end.exitCode !== null || this.#end.signal !== null) this.#finish();
    else this.#settle({ kind: 'no-exit-status', why: { code: 'connection-lost', detail }, output: this.#output() });
  }

  #overdue(): void {
    this.#abandon();
    this.#settle({ kind: 'timed-out', timeoutMs: this.#options.timeoutMs, output: this.#output() });
  }

  #flooded(): void {
    this.#abandon();
    const why = { code: 'too-much-output', limitBytes: this.#options.maxOutputBytes } as const;
    this.#settle({ kind: 'no-exit-status', why, output: this.#output() });
  }

  /** Gives up a host that misbehaves: its connection takes no new sessions, and ends when the last one does. */
  #abandon(): void {
    this.#channel.close();
    this.#connection.retire();
  }

  #settle(outcome: ScriptOutcome): void {
    for (const tidy of this.#tidyUp.splice(0)) tidy();
    this.#resolve(outcome);
  }

  #output() {
    return {
      stdout: this.#stdout.bytes(),
      stderr: this.#stderr.bytes(),
      truncated: this.#stdout.truncated || this.#stderr.truncated,
    };
  }
}
