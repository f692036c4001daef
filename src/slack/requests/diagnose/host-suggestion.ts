import { z } from 'zod';
import { type HostName, TeamId, UserId } from '../../../model/record/ids.ts';
import type { Requests } from '../../../workflow/requests.ts';
import type { WordsOf } from '../../people/reader-words.ts';
import { contextIn, FormContext, hostOptions } from './diagnose-form.ts';

/** What a person typed into a menu whose options are asked for. */
const HostQuery = z.object({
  user: z.object({ id: UserId, team_id: TeamId }),
  value: z.string().max(1_000).default(''),
  view: z.object({ private_metadata: z.string().max(3_000).transform(contextIn).pipe(FormContext) }),
});

type Needs = { readonly requests: Requests; readonly wordsOf: WordsOf };

/** The hosts for a menu, of those that this person can request a diagnosis of. Slack waits three seconds for them. */
export async function suggestHosts(
  body: unknown,
  { requests, wordsOf }: Needs,
): Promise<ReturnType<typeof hostOptions>> {
  const query = HostQuery.safeParse(body);
  if (!query.success) return { options: [] };
  const { user, value, view } = query.data;
  const { channel, named } = view.private_metadata;
  const by = { team: user.team_id, user: user.id };
  const place = { by, channel: channel ?? requests.incidentChannel };
  const [words, hosts] = await Promise.all([wordsOf(user.id), requests.hostsToAsk(place)]);
  const typed = value.trim().toLowerCase();
  const fits = (host: HostName) => host.toLowerCase().includes(typed);
  return hostOptions(hosts.filter(fits), named.filter(fits), words);
}
