import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { ImageDamage, ImageDamageKind } from '../../model/host/image-links.ts';
import type { FindingContext, FindingWords } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { grouped } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { allOf } from './lists.ts';
import { count } from './time.ts';

const MAX_SAMPLES = 3;

/** What is wrong with the file of a sample. */
const STATES: { readonly [kind in ImageDamageKind]: string } = {
  'empty-link': 'is empty',
  'malformed-link': 'holds no digest',
  'link-missing': 'is missing',
  'revision-missing': 'is missing',
  'blob-missing': 'is missing',
  'blob-empty': 'is empty',
  'manifest-unreadable': 'holds no manifest',
  'layer-missing': 'is missing',
};

/** A push does not rewrite a blob that is already there; each of these has to go first (seen with docker-registry 2.8.2). */
const IN_THE_WAY: readonly ImageDamageKind[] = ['blob-empty', 'manifest-unreadable'];
const CACHED: readonly ImageDamageKind[] = ['blob-missing', 'layer-missing'];
/** garbage-collect treats the layers of these as unused, because it starts from the manifests that it finds. */
const HIDES_LAYERS: readonly ImageDamageKind[] = ['revision-missing', 'blob-missing'];
const STOPS_COLLECTION: readonly ImageDamageKind[] = ['empty-link', 'malformed-link', ...IN_THE_WAY];

export function imageDataMissing(finding: FindingOf<'image-data-missing'>, { host }: FindingContext): FindingWords {
  return {
    title: titleOf(finding),
    because: say`${samplesOf(finding)} ${extentOf(finding)} The registry still lists these tags, and its health check can't see the damage.`,
    remedy: say`${mountFirst(finding, host)}${wayBack(finding)}${elseDelete(finding)}${noCollection(finding)}`,
  };
}

function titleOf({ brokenTags, brokenUntagged, complete, samples }: FindingOf<'image-data-missing'>): Phrase {
  const first = samples.find(({ tag }) => brokenTags === 0 || tag !== null) ?? samples[0];
  const image = first ? nameOf(first) : say`an image`;
  const atLeast = complete ? '' : 'At least ';
  if (brokenTags === 0) {
    return say`${atLeast}${count(brokenUntagged, 'manifest')} without a tag can't be pulled, the first in ${image}`;
  }
  if (brokenTags === 1 && complete) return say`${image} can't be pulled: a file that it needs is damaged or missing`;
  return say`${atLeast}${count(brokenTags, 'tag')} can't be pulled, ${image} among them: files that they need are damaged or missing`;
}

function nameOf({ repository, tag }: ImageDamage): Phrase {
  return [quoted(tag === null ? repository : `${repository}:${tag}`)];
}

function samplesOf({ samples, brokenTags, brokenUntagged }: FindingOf<'image-data-missing'>): Phrase {
  const told = samples.slice(0, MAX_SAMPLES);
  const more = brokenTags + brokenUntagged - told.length;
  const files = told.map((sample) => say`${path(sample.file)} ${STATES[sample.kind]} (${nameOf(sample)})`);
  return say`${allOf(more > 0 ? [...files, say`${grouped(more)} more`] : files)}.`;
}

function extentOf(finding: FindingOf<'image-data-missing'>): Phrase {
  const { tagsListed, tagsLookedAt, brokenTags, manifestsRead } = finding;
  const intact = Math.max(0, tagsLookedAt - brokenTags);
  const others = intact > 0 ? ` ${count(intact, 'other tag')} showed no damage.` : '';
  return say`I checked ${grouped(tagsLookedAt)} of ${count(tagsListed, 'tag')}, and the layers of ${count(manifestsRead, 'manifest')}.${others}`;
}

/** Says to check the mount first, if no tag is intact: then a missing disk is likelier than the loss of every image. */
function mountFirst({ tagsLookedAt, brokenTags, samples }: FindingOf<'image-data-missing'>, host: string): Phrase {
  const [first] = samples;
  if (brokenTags < 2 || brokenTags < tagsLookedAt || !first) return [];
  const blobs = first.file.replace(/\/docker\/registry\/v2\/(?:blobs|repositories)\/.*$/s, '/docker/registry/v2/blobs');
  return say`No tag is intact, so check first that the right disk is mounted on ${host}: ${code(`findmnt -T ${shellQuote(blobs)}`)}. `;
}

function wayBack(finding: FindingOf<'image-data-missing'>): Phrase {
  const has = (kinds: readonly ImageDamageKind[]) => finding.kinds.some(({ kind }) => kinds.includes(kind));
  const restart = has([...CACHED, ...IN_THE_WAY])
    ? ' Restart the registry before you push: its cache can still list the blob, and then the push writes nothing.'
    : '';
  const inTheWay = has(IN_THE_WAY)
    ? ' A push replaces no blob that is already there: move an empty or unreadable blob out of the storage first.'
    : '';
  return say`Push the image again under the same tag, from a machine or CI job that has it, or restore the named files from a backup.${inTheWay}${restart} `;
}

function elseDelete({ brokenTags }: FindingOf<'image-data-missing'>): Phrase {
  if (brokenTags === 0) return say`If no one has the image, remove the directory of that link.`;
  return say`If no one has the image, delete the tag.`;
}

function noCollection({ kinds }: FindingOf<'image-data-missing'>): Phrase {
  const has = (those: readonly ImageDamageKind[]) => kinds.some(({ kind }) => those.includes(kind));
  if (has(HIDES_LAYERS)) {
    return say` Until then, don't run ${code('garbage-collect')}: it deletes layers whose manifest it can't find.`;
  }
  return has(STOPS_COLLECTION) ? say` Until then, ${code('garbage-collect')} can stop with an error.` : [];
}
