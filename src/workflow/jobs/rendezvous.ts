import { bytesHash } from '../../hash/bytes-hash.ts';
import type { BotId } from '../ports/bots.ts';

/**
 * The bot that is to have this turn: all bots come to the same answer, and when one of them comes or goes, only its own turns move
 * (rendezvous hashing: Thaler and Ravishankar, "A Name-Based Mapping Scheme for Rendezvous", 1996).
 */
export function preferredBot(name: string, bots: readonly BotId[]): BotId | null {
  let best: { readonly bot: BotId; readonly weight: string } | null = null;
  for (const bot of bots) {
    const weight = bytesHash(Buffer.from(`${bot} ${name}`, 'utf8'));
    if (best === null || weight > best.weight) best = { bot, weight };
  }
  return best?.bot ?? null;
}
