import { randomBytes } from 'node:crypto';

/** How long a trigger id can be exchanged for a view. */
const TRIGGER_LIFE_MS = 3000;

export type TriggerUse =
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'refused'; readonly error: 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' };

/** The trigger ids that came with commands and clicks: each opens one view, within three seconds. */
export class Triggers {
  readonly #issued = new Map<string, { readonly userId: string; readonly expiresAt: number; isUsed: boolean }>();
  #count = 0;

  issue(userId: string): string {
    this.#count += 1;
    const id = `${7_000_000_000_000 + this.#count}.${1_000_000 + this.#count}.${randomBytes(16).toString('hex')}`;
    this.#issued.set(id, { userId, expiresAt: Date.now() + TRIGGER_LIFE_MS, isUsed: false });
    return id;
  }

  use(id: string): TriggerUse {
    const trigger = this.#issued.get(id);
    if (trigger === undefined) return { kind: 'refused', error: 'invalid_trigger_id' };
    if (trigger.isUsed) return { kind: 'refused', error: 'exchanged_trigger_id' };
    if (Date.now() > trigger.expiresAt) return { kind: 'refused', error: 'expired_trigger_id' };
    trigger.isUsed = true;
    return { kind: 'user', userId: trigger.userId };
  }
}
