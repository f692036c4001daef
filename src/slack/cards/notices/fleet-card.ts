import type { FleetMessage, FleetSection, HostWarnings } from '../../../model/fleet/fleet-look.ts';
import type { Words } from '../../../words/index.ts';
import { type Phrase, plainText } from '../../../words/phrase.ts';
import { clipPhrase } from '../../blocks/clip.ts';
import { paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';

/** All sections with all their lines stay within the budget of a message. */
const MAX_LINE = 220;

/** What a nightly look found: one line if that is nothing, otherwise a section for each kind of finding. */
export function fleetCard(message: FleetMessage, words: Words): Card {
  const advice = message.quiet === message.hosts ? [] : [[words.fleetLook.fleetAdvice()]];
  const parts = [words.fleetLook.fleetHead(message), ...sectionsOf(message, words), ...advice];
  return { text: words.fleetLook.fleetTitle(message), blocks: parts.map((lines) => richText(...lines.map(paragraph))) };
}

/** What a deeper look at one host found. */
export function hostWarningsCard(message: HostWarnings, words: Words): Card {
  const { hostWarningsTitle, fleetAdvice } = words.fleetLook;
  const title = hostWarningsTitle(message);
  const none = { lines: [], more: 0 };
  const sections = sectionsOf({ broken: none, drift: none, notChecked: none, ...message }, words);
  const parts = [[title], ...sections, [fleetAdvice()]];
  return { text: plainText(title), blocks: parts.map((lines) => richText(...lines.map(paragraph))) };
}

function sectionsOf(message: Pick<FleetMessage, FleetSection>, words: Words): readonly (readonly Phrase[])[] {
  const { fleetFinding, fleetNotLasting, fleetDrift, fleetExpiry, fleetNotChecked, fleetHeading, fleetMore } =
    words.fleetLook;
  const section = (heading: Phrase, lines: readonly Phrase[], more: number) =>
    lines.length === 0
      ? []
      : [[heading, ...lines.map((line) => clipPhrase(line, MAX_LINE, words)), ...(more > 0 ? [fleetMore(more)] : [])]];
  const { broken, notLasting, warnings, drift, expiring, notChecked } = message;
  return [
    ...section(fleetHeading('broken'), broken.lines.map(fleetFinding), broken.more),
    ...section(fleetHeading('notLasting'), notLasting.lines.map(fleetNotLasting), notLasting.more),
    ...section(fleetHeading('expiring'), expiring.lines.map(fleetExpiry), expiring.more),
    ...section(fleetHeading('warnings'), warnings.lines.map(fleetFinding), warnings.more),
    ...section(fleetHeading('drift'), drift.lines.map(fleetDrift), drift.more),
    ...section(fleetHeading('notChecked'), notChecked.lines.map(fleetNotChecked), notChecked.more),
  ];
}
