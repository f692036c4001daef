import { z } from 'zod';
import type { AlertDelivery } from '../../model/record/alert.ts';
import type { AlertSourceSettings } from '../../model/settings/alert-settings.ts';
import { alertOf } from './alert-of.ts';

const text = z.string().optional().catch(undefined);
const someTexts = z
  .union([z.string().transform((one) => [one]), z.array(z.string()).max(50)])
  .optional()
  .catch(undefined);

/** The payload of GitLab's HTTP endpoints (docs.gitlab.com, "Alert integrations"). Only `title` is required. */
const GitlabAlert = z.object({
  title: z.string().min(1),
  description: text,
  start_time: text,
  end_time: text,
  service: text,
  monitoring_tool: text,
  hosts: someTexts,
  severity: text,
  fingerprint: someTexts,
  gitlab_environment_name: text,
});

const LABELS = ['title', 'service', 'monitoring_tool', 'severity', 'gitlab_environment_name'] as const;

/** One alert for each host in the label `host`. Null: the body is no GitLab alert. */
export function parseGitlab(body: unknown, source: AlertSourceSettings): AlertDelivery | null {
  const parsed = GitlabAlert.safeParse(body);
  if (!parsed.success) return null;
  const hosts = parsed.data.hosts ?? [];
  const alerts =
    hosts.length === 0 ? [alertOn(parsed.data, null, source)] : hosts.map((host) => alertOn(parsed.data, host, source));
  return { alerts, leftOut: null };
}

function alertOn(alert: z.output<typeof GitlabAlert>, host: string | null, source: AlertSourceSettings) {
  const named = LABELS.flatMap((name) => (alert[name] === undefined ? [] : [[name, alert[name]] as const]));
  const labels = Object.fromEntries(host === null ? named : [...named, ['host', host] as const]);
  const fingerprint = alert.fingerprint?.join(' ');
  return alertOf(
    {
      status: alert.end_time === undefined ? 'firing' : 'resolved',
      fingerprint: fingerprint === undefined || host === null ? fingerprint : `${fingerprint} ${host}`,
      texts: [alert.title, alert.description],
      labels,
      startsAt: alert.start_time,
    },
    source,
  );
}
