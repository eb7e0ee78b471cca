/**
 * plan: what is to be done. A request and the contract together make a plan: every name is resolved,
 * every choice is made. It knows no SQL.
 */
export { literalLimit, slotNumber } from './page.ts';
export * from './plan.ts';
export * from './plan-ask.ts';
export type { PlanSettings } from './planner.ts';
export { refuseUnknownResource } from './refusals.ts';
