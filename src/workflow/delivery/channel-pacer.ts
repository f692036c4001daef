import type { Clock } from '../ports/bot.ts';
import type { Act, Pace, Rate } from '../ports/messages.ts';

/**
 * Keeps the messages of each channel within what the messenger accepts. Posts are counted for each channel, edits over all
 * channels. A refusal pauses everything in its channel, not only the message that was refused.
 */
export class ChannelPacer {
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #posts = new Map<string, Bucket>();
  readonly #edits: Bucket;
  readonly #pauses = new Map<string, Pause>();
  #editPause: Pause = { from: 0, ms: 0 };

  constructor(pace: Pace, clock: Clock) {
    this.#pace = pace;
    this.#clock = clock;
    this.#edits = new Bucket(pace.edits, this.#now());
  }

  /** How many posts or edits the channel takes now. */
  room(channel: string, act: Act): number {
    if (this.#pauseLeft(channel, act) > 0) return 0;
    return this.#bucket(channel, act).room(this.#now());
  }

  take(channel: string, act: Act): void {
    this.#bucket(channel, act).take(this.#now());
  }

  /** After a refusal: nothing goes to this channel for `ms`, and one message after that shows whether more can follow. */
  pause(channel: string, act: Act, ms: number): void {
    const pause = { from: this.#now(), ms };
    this.#pauses.set(channel, pause);
    if (act === 'edit') this.#editPause = pause;
    this.#bucket(channel, act).emptyFor(ms, pause.from);
  }

  /** The time until a channel or the edits have room again. Null: all of them have. */
  msUntilRoom(): number | null {
    const waits = [...this.#posts.keys()].map((channel) => this.#wait(channel, 'post'));
    const editWait = Math.max(remaining(this.#editPause, this.#now()), this.#edits.msUntilRoom(this.#now()));
    const longerThanNothing = [...waits, editWait].filter((ms) => ms > 0);
    return longerThanNothing.length === 0 ? null : Math.min(...longerThanNothing);
  }

  #wait(channel: string, act: Act): number {
    return Math.max(this.#pauseLeft(channel, act), this.#bucket(channel, act).msUntilRoom(this.#now()));
  }

  #pauseLeft(channel: string, act: Act): number {
    const inChannel = remaining(this.#pauses.get(channel), this.#now());
    return act === 'edit' ? Math.max(inChannel, remaining(this.#editPause, this.#now())) : inChannel;
  }

  #bucket(channel: string, act: Act): Bucket {
    if (act === 'edit') return this.#edits;
    const known = this.#posts.get(channel);
    if (known) return known;
    const bucket = new Bucket(this.#pace.posts, this.#now());
    this.#posts.set(channel, bucket);
    return bucket;
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

type Pause = { readonly from: number; readonly ms: number };

/** Nothing if the machine's clock was set back: a pause must not grow by that. */
function remaining(pause: Pause | undefined, now: number): number {
  if (pause === undefined || now < pause.from) return 0;
  return Math.max(0, pause.from + pause.ms - now);
}

/** A token bucket. */
class Bucket {
  readonly #rate: Rate;
  #left: number;
  /** Up to when tokens were added. */
  #at: number;
  /** How far that was ahead of the clock at most. */
  #aheadMs = 0;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#left = rate.burst;
    this.#at = now;
  }

  room(now: number): number {
    this.#refill(now);
    return Math.floor(this.#left);
  }

  take(now: number): void {
    this.#refill(now);
    this.#left -= 1;
  }

  /** Holds one token after that time, and none before. */
  emptyFor(ms: number, now: number): void {
    this.#left = 1;
    this.#at = now + ms;
    this.#aheadMs = ms;
  }

  msUntilRoom(now: number): number {
    this.#refill(now);
    return Math.max(0, Math.ceil((1 - this.#left) * this.#rate.everyMs));
  }

  #refill(now: number): void {
    // It is further ahead than it was put: the machine's clock was set back.
    if (this.#at > now + this.#aheadMs) this.#at = now;
    const elapsed = now - this.#at;
    if (elapsed < 0) return;
    this.#left = Math.min(this.#rate.burst, this.#left + elapsed / this.#rate.everyMs);
    this.#at = now;
    this.#aheadMs = 0;
  }
}
