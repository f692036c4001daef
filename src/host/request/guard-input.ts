import type { HostSettings } from '../../model/settings/settings.ts';
import { GUARD_PROGRAM } from './guard-program.ts';
import type { GuardRequest } from './guard-request.ts';

/**
 * The standard input of a host's guard: the request if the guard is installed, otherwise the guard with the request.
 */
export function guardInput(host: HostSettings, request: GuardRequest): string {
  return host.guard === null ? guardOverStdin(request) : request;
}

/**
 * The guard and one request, for `/bin/sh -s`. A request is ASCII without quotes, so single quotes enclose it in every
 * shell.
 */
export function guardOverStdin(request: GuardRequest): string {
  return `{\nset -- over-stdin '${request.trimEnd()}'\n${PROGRAM_TO_SEND}}\n`;
}

/**
 * The guard without comments and indentation, which are a quarter of it: bash reads a program from standard input byte
 * by byte.
 */
const PROGRAM_TO_SEND = GUARD_PROGRAM.replaceAll(/^ *#.*\n/gm, '').replaceAll(/^ +/gm, '');
