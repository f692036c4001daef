import type { Scenario } from '../scenario.ts';

export const damagedScenarios: readonly Scenario[] = [];
