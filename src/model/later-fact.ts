import type { z } from 'zod';
import { Fact, unknown } from './fact.ts';

/** A fact that older probes did not bring: facts that were saved by them read as "unknown", never as "absent". */
export function LaterFact<S extends z.ZodType>(value: S) {
  return Fact(value).default(() => unknown('the probe that brought these facts did not look'));
}
