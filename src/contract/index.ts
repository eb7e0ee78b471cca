/**
 * contract: what we promise. The published API of a model, for one role: the names that requests may
 * use and what stands behind them, and the step that translates a version's names into today's.
 */
export * from './contract.ts';
export * from './translate.ts';
