import type { HostSettings } from '../../model/settings/settings.ts';
import { GUARD_PROGRAM } from './guard-program.ts';
import type { GuardRequest } from './guard-request.ts';

/** What goes to the standard input of a host's guard: the request where the guard is installed, else the guard itself with it. */
export function guardInput(host: HostSettings, request: GuardRequest): string {
  return host.guard === null ? guardOverStdin(request) : request;
}

/**
 * The guard with one request, for `/bin/sh -s`. A request has neither a quote nor any byte beyond ASCII in it, so that single quotes
 * hold it in every shell.
 */
export function guardOverStdin(request: GuardRequest): string {
  return `{\nset -- over-stdin '${request.trimEnd()}'\n${PROGRAM_TO_SEND}}\n`;
}

/** Without comments and indentation, a quarter of it: bash reads a program from its standard input byte by byte. */
const PROGRAM_TO_SEND = GUARD_PROGRAM.replaceAll(/^ *#.*\n/gm, '').replaceAll(/^ +/gm, '');
