import { readSlackThreads } from '../../compose/record/slack-witness.ts';
import type { Config } from '../../config/config.ts';
import { readSlackSecrets } from '../../config/environment.ts';
import { serveConfig } from '../../config/serve-config.ts';
import type { AuditTrail } from '../../workflow/ports/audit-trail.ts';
import type { CommandLine } from '../terminal/command-line.ts';
import { refuse } from '../terminal/load-config.ts';
import { withSpinner } from '../terminal/spinner.ts';
import { NOTHING_ASKED, type Testimony } from './testimony.ts';

/** What Slack shows of the record. Null: Slack can't be asked with this config, which has been said. */
export async function askSlack(
  trail: AuditTrail,
  { config, file }: { readonly config: Config; readonly file: string },
  { console, process }: CommandLine,
): Promise<Testimony | null> {
  const serving = serveConfig(config);
  if (serving.kind === 'problems') {
    refuse(file, serving.problems, console);
    return null;
  }
  const { mode, incidentChannel } = serving.value.slack;
  const secrets = readSlackSecrets(process.env, mode);
  if (secrets.kind !== 'ok') {
    refuse(file, secrets.problems, console);
    return null;
  }
  const { auditVerify } = console.words;
  const before = await trail.shownMessages();
  const slack = await withSpinner(console, auditVerify.READING_SLACK, () =>
    readSlackThreads(secrets.value, { before, incidentChannel }, process),
  );
  return {
    ...NOTHING_ASKED,
    slack,
    agrees: slack.unread.length === 0 ? [auditVerify.agreesWithSlack(slack.posts.length)] : [],
    notCompared: slack.unread.map(auditVerify.slackNotCompared),
  };
}
