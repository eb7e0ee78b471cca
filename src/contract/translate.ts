import type { Ask } from '../request/index.ts';
import type { Contract } from './contract.ts';

/**
 * Turns a request that speaks a version's names into one that speaks today's. There is one version,
 * whose names are today's, so the request passes as it is.
 */
export const translateAsk = (_contract: Contract, ask: Ask): Ask => ask;
