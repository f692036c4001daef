import { type Fact, known, unknown } from '../../../model/fact.ts';
import { HostPath } from '../../../model/host/host-path.ts';
import { type ImageDamage, ImageDamageKind, type ImageLinks } from '../../../model/host/image-links.ts';
import { decimal } from '../../frame/field-values.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';
import { placeOf } from './parse-storage-contents.ts';
import { Report } from './storage-report.ts';

const MAX_SAMPLES = 16;
/**
 * `KIND REPOSITORY TAG FILE`. Repository, tag and file consist of the characters that a registry allows, and none of
 * these is a space.
 */
const SAMPLE = /^([a-z-]+) ([\w.-][\w./-]{0,1023}) ([\w.-]{1,1024}) ((?:repositories|blobs)\/[\w./-]{1,1024})$/;

/** Parses the section `image_links`. */
export function parseImageLinks(section: Uint8Array): Fact<ImageLinks> {
  const report = new Report(section);
  const tree = report.told('tree');
  if (tree.state !== 'known') return tree;
  if (report.one('ended') !== '0') return unknown('tags-not-in-time');
  const [listed, lookedAt, manifests, extent] = report.one('looked').split(' ');
  const [tags, untagged] = report.one('broken').split(' ');
  const links: ImageLinks = {
    complete: extent === 'whole',
    tagsListed: decimal(listed, 'tags'),
    tagsLookedAt: decimal(lookedAt, 'tags'),
    manifestsRead: decimal(manifests, 'manifests'),
    brokenTags: decimal(tags, 'tags'),
    brokenUntagged: decimal(untagged, 'manifests'),
    kinds: kindsIn(report),
    samples: samplesIn(report),
  };
  const isBroken = links.brokenTags + links.brokenUntagged > 0;
  if (isBroken !== links.samples.length > 0) throw new MalformedOutput('incomplete', 'broken tags');
  return known(links);
}

/** Returns the kinds in the order in which they are declared, because awk has no order. */
function kindsIn(report: Report): ImageLinks['kinds'] {
  const counts = new Map(report.all('count').map((line) => [line.split(' ')[0], line.split(' ')[1]]));
  return ImageDamageKind.options.flatMap((kind) =>
    counts.has(kind) ? [{ kind, count: decimal(counts.get(kind), kind) }] : [],
  );
}

function samplesIn(report: Report): ImageDamage[] {
  const lines = report.all('sample');
  if (lines.length === 0) return [];
  const directory = `${placeOf(report)}/docker/registry/v2`;
  return lines.slice(0, MAX_SAMPLES).map((line) => sampleOf(line, directory));
}

function sampleOf(line: string, directory: string): ImageDamage {
  const [, kind, repository, tag, file] = SAMPLE.exec(line) ?? [];
  const known = ImageDamageKind.safeParse(kind);
  if (!known.success || repository === undefined || tag === undefined) {
    throw new MalformedOutput('unreadable', 'broken tag');
  }
  return { kind: known.data, repository, tag: tag === '-' ? null : tag, file: HostPath.parse(`${directory}/${file}`) };
}
