import { z } from 'zod';
import { AlertSourceName } from '../../model/record/alert.ts';
import { ALERT_KINDS } from '../../model/settings/alert-settings.ts';
import { expecting, leaf, oneOf, wholeNumber } from './leaf.ts';
import { httpUrl } from './plain-url.ts';

const NO_CONTROLS = /^[^\p{Cc}]+$/u;

/** Longer than any that a source would give: Prometheus has no limit of its own. */
const labelName = leaf(
  z
    .string()
    .max(128)
    .regex(NO_CONTROLS)
    .refine((name) => name !== '__proto__'),
  { kind: 'label-name' },
);
const labelPattern = leaf(z.string().max(512).regex(NO_CONTROLS), { kind: 'label-value' });
const tokenFile = leaf(z.string().max(4096).regex(NO_CONTROLS), { kind: 'file' });
const listenAddress = leaf(z.union([z.ipv4(), z.ipv6()]), { kind: 'listen-address' });

export const AlertSource = z.strictObject({
  kind: oneOf(ALERT_KINDS),
  tokenFile: tokenFile.optional(),
  hostLabel: labelName.optional(),
  silencesUrl: httpUrl.optional(),
});

/** Where alerts are received. */
export const Alerts = z.strictObject({
  port: wholeNumber(1, 65_535),
  host: listenAddress.default('127.0.0.1'),
  sources: z
    .record(leaf(AlertSourceName, { kind: 'source-name' }), AlertSource)
    .refine((sources) => Object.keys(sources).length > 0, expecting({ kind: 'at-least-one-source' })),
});

/** Which alerts are about a host. */
export const HostAlerts = z.strictObject({
  match: z
    .record(labelName, labelPattern)
    .refine((match) => Object.keys(match).length > 0, expecting({ kind: 'at-least-one-label' })),
});
