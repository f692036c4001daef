import { PROBE_LIMITS } from '../../../src/workflow/host/diagnose-host.ts';

/**
 * Loaded before a bot of a campaign (`node --import`): it waits longer for the checks of a host. All hosts of a campaign are one machine, which
 * is also the bot's, so twenty checks at once on a busy one take as long as no host takes alone. Without this they all time out, are all asked
 * for again, and time out again.
 */
Object.assign(PROBE_LIMITS, { timeoutMs: 120_000 });
