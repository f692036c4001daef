import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { ImageDamage, ImageDamageKind } from '../../model/host/image-links.ts';
import type { FindingContext, FindingWords } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { grouped } from '../moment.ts';
import { code, type Phrase, say, separated } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { leading } from './spacing.ts';

const MAX_SAMPLES = 3;

/** What is wrong with the file of a sample. */
const STATES: { readonly [kind in ImageDamageKind]: string } = {
  'empty-link': '是空文件',
  'malformed-link': '中没有摘要',
  'link-missing': '缺失',
  'revision-missing': '缺失',
  'blob-missing': '缺失',
  'blob-empty': '是空文件',
  'manifest-unreadable': '中没有 manifest',
  'layer-missing': '缺失',
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
    because: say`${samplesOf(finding)}${extentOf(finding)}Registry 仍会列出这些标签，它的健康检查也无法发现这种损坏。`,
    remedy: say`${mountFirst(finding, host)}${wayBack(finding)}${elseDelete(finding)}${noCollection(finding)}`,
  };
}

function titleOf({ brokenTags, brokenUntagged, complete, samples }: FindingOf<'image-data-missing'>): Phrase {
  const first = samples.find(({ tag }) => brokenTags === 0 || tag !== null) ?? samples[0];
  const atLeast = complete ? '' : '至少';
  if (brokenTags === 0) {
    const where = first ? say`，首个在 ${nameOf(first)} 中` : [];
    return say`${atLeast}有 ${grouped(brokenUntagged)} 个无标签的 manifest 无法拉取${where}`;
  }
  if (brokenTags === 1 && complete) {
    return say`${leading(first ? nameOf(first) : say`某个镜像`)}无法拉取：它需要的一个文件损坏或缺失`;
  }
  const which = first ? say`，其中包括 ${nameOf(first)}` : [];
  return say`${atLeast}有 ${grouped(brokenTags)} 个标签无法拉取${which}：它们需要的文件损坏或缺失`;
}

function nameOf({ repository, tag }: ImageDamage): Phrase {
  return [quoted(tag === null ? repository : `${repository}:${tag}`)];
}

function samplesOf({ samples, brokenTags, brokenUntagged }: FindingOf<'image-data-missing'>): Phrase {
  const told = samples.slice(0, MAX_SAMPLES);
  const more = brokenTags + brokenUntagged - told.length;
  const files = told.map((sample) => say`${path(sample.file)} ${STATES[sample.kind]}（${nameOf(sample)}）`);
  return say`${separated(more > 0 ? [...files, say`另有 ${grouped(more)} 个`] : files, '，')}。`;
}

function extentOf(finding: FindingOf<'image-data-missing'>): Phrase {
  const { tagsListed, tagsLookedAt, brokenTags, manifestsRead } = finding;
  const intact = Math.max(0, tagsLookedAt - brokenTags);
  const others = intact > 0 ? `另外 ${grouped(intact)} 个标签未发现损坏。` : '';
  return say`已检查 ${grouped(tagsListed)} 个标签中的 ${grouped(tagsLookedAt)} 个，以及 ${grouped(manifestsRead)} 个 manifest 的各层。${others}`;
}

/** If nothing is intact, a missing disk is likelier than the loss of every image. */
function mountFirst({ tagsLookedAt, brokenTags, samples }: FindingOf<'image-data-missing'>, host: string): Phrase {
  const [first] = samples;
  if (brokenTags < 2 || brokenTags < tagsLookedAt || !first) return [];
  const blobs = first.file.replace(/\/docker\/registry\/v2\/(?:blobs|repositories)\/.*$/s, '/docker/registry/v2/blobs');
  return say`没有一个标签是完好的，所以先检查 ${host} 上挂载的磁盘是否正确：${code(`findmnt -T ${shellQuote(blobs)}`)}。`;
}

function wayBack(finding: FindingOf<'image-data-missing'>): Phrase {
  const has = (kinds: readonly ImageDamageKind[]) => finding.kinds.some(({ kind }) => kinds.includes(kind));
  const restart = has([...CACHED, ...IN_THE_WAY])
    ? '推送之前先重启 Registry：它的缓存中可能仍有该 blob，这样推送就什么也不会写入。'
    : '';
  const inTheWay = has(IN_THE_WAY) ? '推送不会替换已存在的 blob：先把空的或无法解析的 blob 移出存储。' : '';
  return say`从仍有该镜像的机器或 CI 任务，以相同的标签重新推送；或从备份恢复上述文件。${inTheWay}${restart}`;
}

function elseDelete({ brokenTags }: FindingOf<'image-data-missing'>): Phrase {
  if (brokenTags === 0) return say`如果哪里都没有该镜像，删除该 link 文件所在的目录。`;
  return say`如果哪里都没有该镜像，删除该标签。`;
}

function noCollection({ kinds }: FindingOf<'image-data-missing'>): Phrase {
  const has = (those: readonly ImageDamageKind[]) => kinds.some(({ kind }) => those.includes(kind));
  if (has(HIDES_LAYERS)) {
    return say`在此之前不要运行 ${code('garbage-collect')}：它会删除那些找不到 manifest 的层。`;
  }
  return has(STOPS_COLLECTION) ? say`在此之前，${code('garbage-collect')} 可能会出错中止。` : [];
}
