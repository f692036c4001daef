import { z } from 'zod';
import { Certainty, type Evidence, HypothesisId, TimelineKind, type WhyNow } from '../../model/diagnosis/why-now.ts';
import { HostPath } from '../../model/host/host-path.ts';
import type { Words } from '../../words/index.ts';
import { plainText } from '../../words/phrase.ts';

const Known = z.strictObject({ id: z.string(), at: z.iso.datetime().nullable(), path: HostPath.nullable() });

/** Why the fault shows only now, in `diagnose --json`. Times are the host's. */
export const WhyNowReport = z.strictObject({
  summary: z.string(),
  /** Oldest first. */
  timeline: z.array(
    z.strictObject({
      at: z.iso.datetime(),
      kind: TimelineKind,
      certainty: Certainty,
      path: HostPath.nullable(),
      what: z.string(),
      source: z.string(),
    }),
  ),
  /** Supported hypotheses first, then open ones, then refuted ones. */
  hypotheses: z.array(
    z.strictObject({
      id: HypothesisId,
      standing: z.enum(['supported', 'refuted', 'open']),
      strength: z.enum(['strong', 'weak']).nullable(),
      title: z.string(),
      /** The sentence with the evidence for or against it. */
      because: z.string(),
      evidence: z.array(Known),
      /** The information that would decide it and could not be read. */
      missing: z.array(Known),
    }),
  ),
});
export type WhyNowReport = z.infer<typeof WhyNowReport>;

export function whyNowReport(whyNow: WhyNow, words: Words): WhyNowReport {
  return {
    summary: plainText(words.whyNow.whyNowLead(whyNow)),
    timeline: whyNow.timeline.map((entry) => {
      const [, , what, source] = words.whyNow.timelineCells(entry);
      const { kind, certainty, path } = entry;
      return { at: time(entry.at), kind, certainty, path, what: plainText(what), source };
    }),
    hypotheses: whyNow.hypotheses.map((hypothesis) => {
      const [, title, because] = words.whyNow.hypothesisCells(hypothesis, whyNow);
      const { id, standing, strength } = hypothesis;
      return {
        ...{ id, standing, strength, title: plainText(title), because: plainText(because) },
        evidence: hypothesis.evidence.map(known),
        missing: hypothesis.missing.map(known),
      };
    }),
  };
}

function known({ id, at, path }: Evidence): z.infer<typeof Known> {
  return { id, at: at === null ? null : time(at), path };
}

function time(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}
