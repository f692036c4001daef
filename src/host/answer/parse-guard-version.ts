import { z } from 'zod';
import { GuardVersion } from '../../model/connection/guard-version.ts';
import type { OutputFault } from '../../model/connection/output-fault.ts';
import { FieldValues } from '../frame/field-values.ts';
import { orMalformed } from '../frame/malformed-output.ts';
import { guardReasonIn } from '../frame/parse-guard-reason.ts';
import { readFields } from '../frame/read-fields.ts';

export type ParsedGuardVersion =
  | { readonly kind: 'version'; readonly version: GuardVersion }
  | { readonly kind: 'malformed'; readonly why: OutputFault };

/** A time in hundredths of a second, as in /proc/uptime. */
const Uptime = z
  .string()
  .regex(/^\d{1,10}\.\d\d$/)
  .transform(Number);

/** Reads the answer to `versionRequest`. Never throws for what a host printed. */
export function parseGuardVersion(raw: Uint8Array, nonce: string): ParsedGuardVersion {
  return orMalformed(() => {
    const fields = new FieldValues(readFields(raw, { script: 'version', nonce }));
    const version = GuardVersion.parse({
      way: fields.text('way'),
      uid: fields.number('uid'),
      digest: fields.text('digest') || null,
      hostname: fields.text('hostname'),
      bootId: fields.text('boot-id') || null,
      uptimeSeconds: Uptime.safeParse(fields.text('uptime')).data ?? null,
      botSigners: fields.text('signers-bot'),
      approverSigners: fields.text('signers-approvers'),
      // An older guard does not report this file. Its version differs anyway, which is reported.
      permittedStorage: fields.all('permitted-storage').length === 0 ? 'absent' : fields.text('permitted-storage'),
      recordRefused: guardReasonIn(fields, 'record-refused'),
    });
    return { kind: 'version' as const, version };
  });
}
