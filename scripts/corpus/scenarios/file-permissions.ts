import type { Scenario } from '../scenario.ts';

export const filePermissionScenarios: readonly Scenario[] = [];
