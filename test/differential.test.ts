import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerRequest, settleOrder } from './differential/oracle.ts';
import { makeRandom } from './differential/random.ts';
import { printRequest, type Request, requestArbitrary } from './differential/request.ts';
import { type Json, makeSchema, type Schema, schemaSql } from './differential/schema.ts';
import type { TestApi } from './setup/api.ts';
import { openTestApi } from './setup/api.ts';
import { createFilledDatabase } from './setup/fixture.ts';

/** `DIFFERENTIAL_SEED=7 DIFFERENTIAL_RUNS=10000 npm test -- test/differential` repeats or deepens a run. */
const seed = Number(process.env.DIFFERENTIAL_SEED ?? 20261122);
const numRuns = Number(process.env.DIFFERENTIAL_RUNS ?? 600);
const SCHEMAS = 20;

/** Averages are compared to nine digits: Postgres gives more than a double holds. */
const roundNumbers = (value: Json): Json => {
  if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(9));
  if (Array.isArray(value)) return value.map(roundNumbers);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, roundNumbers(item)]));
  return value;
};

describe(`answers are those of a naive evaluator (seed ${seed})`, () => {
  let api: TestApi;
  let schemas: readonly Schema[];

  beforeAll(async () => {
    const random = makeRandom(seed);
    schemas = Array.from({ length: SCHEMAS }, (_, i) => makeSchema(random, `s${i}`));
    const database = await createFilledDatabase(`differential_${seed}`, schemas.map(schemaSql).join('\n'));
    api = await openTestApi(database, { schemas: schemas.map(({ name }) => name) });
  });

  afterAll(() => api?.close());

  const check = async (request: Request): Promise<void> => {
    const { schema, node, count } = request;
    const path = printRequest(request);
    const response = await api.ask({
      path,
      headers: { 'accept-profile': schema.name, ...(count ? { prefer: 'count=exact' } : {}) },
    });
    const { rows, total } = answerRequest(request);
    // A limit of none asks for no rows from the first on, whatever the offset.
    const offset = node.limit === 0 ? 0 : (node.offset ?? 0);
    const beyond = count && offset > total;
    const status = beyond ? 416 : count && rows.length < total ? 206 : 200;
    const told = rows.length === 0 || beyond ? '*' : `${offset}-${offset + rows.length - 1}`;
    expect(
      `${response.status} ${response.status < 400 ? '' : response.text}`.trim(),
      decodeURIComponent(path),
    ).toContain(String(status));
    if (node.aggregates.length === 0 && node.limit !== 0)
      expect(response.headers['content-range'], decodeURIComponent(path)).toBe(
        `${told}/${count ? total : '*'}`,
      );
    if (beyond) return;
    expect(
      settleOrder(node, roundNumbers(response.json() as Json) as Json[]),
      decodeURIComponent(path),
    ).toEqual(settleOrder(node, roundNumbers(rows) as Json[]));
    if (node.limit === undefined) return;
    // A page that is known to be small is asked of Postgres in another way.
    const again = await api.ask({
      path,
      headers: { 'accept-profile': schema.name, ...(count ? { prefer: 'count=exact' } : {}) },
    });
    expect(settleOrder(node, roundNumbers(again.json() as Json) as Json[]), path).toEqual(
      settleOrder(node, roundNumbers(rows) as Json[]),
    );
    expect(again.headers['content-range']).toBe(response.headers['content-range']);
  };

  test('for generated schemas, data and requests', async () => {
    const requests = fc.nat(SCHEMAS - 1).chain((i) => requestArbitrary(schemas[i] as Schema));
    await fc.assert(fc.asyncProperty(requests, check), { seed, numRuns });
  }, 600_000);
});
