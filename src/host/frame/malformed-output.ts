import { z } from 'zod';
import type { OutputFault } from '../../model/connection/output-fault.ts';

/** The error for output that the script can't have printed. Thrown and caught only inside host/. */
export class MalformedOutput extends Error {
  readonly fault: OutputFault;

  constructor(code: OutputFault['code'], part = '') {
    super(`${code} ${part}`);
    this.fault = outputFault(code, part);
  }
}

function outputFault(code: OutputFault['code'], part: string): OutputFault {
  switch (code) {
    case 'not-begun':
    case 'cut':
    case 'not-ended':
      return { code };
    default:
      return { code, part };
  }
}

const MAX_PART = 200;

/**
 * Runs a parser of host output. If the input is malformed, returns a short reason instead of throwing. A bug still
 * throws.
 */
export function orMalformed<T>(parse: () => T): T | { readonly kind: 'malformed'; readonly why: OutputFault } {
  try {
    return parse();
  } catch (error) {
    if (error instanceof MalformedOutput) return { kind: 'malformed', why: error.fault };
    if (error instanceof z.ZodError) return { kind: 'malformed', why: { code: 'unreadable', part: firstPart(error) } };
    throw error;
  }
}

function firstPart(error: z.ZodError): string {
  return (error.issues[0]?.path ?? []).map(String).join('.').slice(0, MAX_PART);
}
