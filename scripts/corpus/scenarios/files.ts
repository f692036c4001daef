import type { Scenario } from '../scenario.ts';

export const fileScenarios: readonly Scenario[] = [];
