import type { HostRow } from '../row.ts';
import { ATTACK_ROWS } from './attacks.ts';
import { LIMIT_ROWS } from './limits.ts';
import { SERVER_ROWS } from './servers.ts';
import { SHELL_ROWS } from './shells.ts';
import { SUDO_ROWS } from './sudo.ts';
import { TOOL_ROWS } from './tools.ts';
import { USERLANDS } from './userlands.ts';

export const ROWS: readonly HostRow[] = [
  ...USERLANDS,
  ...TOOL_ROWS,
  ...SHELL_ROWS,
  ...SUDO_ROWS,
  ...SERVER_ROWS,
  ...LIMIT_ROWS,
  ...ATTACK_ROWS,
];
