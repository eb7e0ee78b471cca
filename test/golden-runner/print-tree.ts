import type { Plan } from '../../src/plan/index.ts';
import { type Ask, printMediaType } from '../../src/request/index.ts';
import { printGolden } from '../golden-model/golden-file.ts';

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === false ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** Left out: what is undefined, false or empty, and where in the source a node stands. */
const prune = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(prune);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value)
    .filter(([key]) => key !== 'span')
    .map(([key, item]) => [key, prune(item)] as const)
    .filter(([, item]) => !isEmpty(item));
  return Object.fromEntries(fields);
};

/** The request tree. Its shape is left out, as it says the same again. */
export const printTree = (ask: Ask): string => {
  const { query, accept, contentType, payload, page, ...others } = ask;
  const { shape: _, ...said } = query;
  const tree = {
    ...others,
    page: page.limit === undefined && page.offset === 0 ? undefined : page,
    query: said,
    accept: accept.map(printMediaType).join(', '),
    contentType: payload === undefined ? undefined : printMediaType(contentType),
    payload,
  };
  return `${printGolden(prune(tree))}\n`;
};

/** The plan, without the number of the snapshot. */
export const printPlan = ({ snapshot: _, ...plan }: Plan): string => `${printGolden(prune(plan))}\n`;
