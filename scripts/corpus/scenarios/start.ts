import type { Scenario } from '../scenario.ts';

export const startScenarios: readonly Scenario[] = [];
