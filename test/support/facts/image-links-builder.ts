import type { z } from 'zod';
import { ImageLinks } from '../../../src/model/host/image-links.ts';

const V2 = '/var/lib/registry/docker/registry/v2';

/** Ten tags, the first with an empty link. */
export function imageLinksOf(of: Partial<z.input<typeof ImageLinks>> = {}): ImageLinks {
  return ImageLinks.parse({
    complete: true,
    tagsListed: 10,
    tagsLookedAt: 10,
    manifestsRead: 9,
    brokenTags: 1,
    brokenUntagged: 0,
    kinds: [{ kind: 'empty-link', count: 1 }],
    samples: [
      {
        kind: 'empty-link',
        repository: 'team/app',
        tag: 'v1',
        file: `${V2}/repositories/team/app/_manifests/tags/v1/current/link`,
      },
    ],
    ...of,
  });
}

export function intactLinks(): ImageLinks {
  return imageLinksOf({ manifestsRead: 10, brokenTags: 0, kinds: [], samples: [] });
}
