import type { Caller } from '../../access/index.ts';
import type { Relation } from '../../model/index.ts';
import { quoteIdent, quoteQualified } from '../../sql/index.ts';
import type { Row, Sight } from './api.ts';
import { failTest } from './failure.ts';
import { likeSql, valueSql } from './row-sql.ts';
import { checkColumns, findRelation, type TestStage } from './test-stage.ts';

const print = (row: unknown): string => JSON.stringify(row);

const shown = (rows: readonly string[], limit = 10): string =>
  rows.length === 0
    ? 'no row'
    : `${rows.slice(0, limit).join(', ')}${rows.length > limit ? `, and ${rows.length - limit} more` : ''}`;

/** SQL: a row as JSON of some columns. */
const jsonSql = (columns: readonly string[], value: (column: string) => string): string =>
  `jsonb_build_object(${columns.map((name) => `'${name.replaceAll("'", "''")}', ${value(name)}`).join(', ')})::text`;

/** What somebody sees of a relation, in the columns that matter; undefined: no grant opens these. */
const seen = async (
  test: TestStage,
  caller: Caller,
  relation: Relation,
  where: Row,
  columns: readonly string[],
): Promise<readonly string[] | undefined> => {
  const what = columns.length === 0 ? "'{}'" : jsonSql(columns, quoteIdent);
  const tried = await test.stage.try(
    caller,
    `select ${what} as json from ${quoteQualified(relation)} where ${likeSql(relation, where)}`,
  );
  if (tried.ok) return tried.rows.map((row) => row.json as string);
  if (tried.error.code === '42501') return undefined;
  return failTest(`${caller.name} looked at ${relation.name}, and that failed: ${tried.error.message}.`);
};

/** Rows as the database prints them, so that 1 and 1.0, or two ways to write a time, are the same. */
const asPrinted = async (
  test: TestStage,
  relation: Relation,
  rows: readonly Row[],
  columns: readonly string[],
): Promise<readonly string[]> => {
  if (columns.length === 0 || rows.length === 0) return rows.map(() => '{}');
  const found = await test.stage.query(
    `${rows
      .map(
        (row, i) =>
          `select ${i} as number, ${jsonSql(columns, (name) => valueSql(relation, row, name))} as json`,
      )
      .join(' union all ')} order by number`,
  );
  return found.map((row) => row.json as string);
};

/** Looks at a relation in somebody's name. */
export const look = (
  open: () => Promise<TestStage>,
  caller: Caller,
  name: string,
  where: Row = {},
): Sight => {
  const compare = async (
    rows: readonly Row[],
    judge: (visible: readonly string[], wanted: readonly string[], what: string) => void,
  ): Promise<void> => {
    const test = await open();
    await test.inTurn(async () => {
      const relation = findRelation(test, name);
      for (const row of [where, ...rows]) checkColumns(relation, row);
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      const visible = await seen(test, caller, relation, where, columns);
      if (visible === undefined && rows.length > 0)
        failTest(
          `${caller.name} sees nothing of ${name}: no grant gives ${caller.role} SELECT on ${columns.join(', ') || name}.`,
        );
      judge(visible ?? [], await asPrinted(test, relation, rows, columns), name);
    });
  };
  const missingFrom = (some: readonly string[], others: readonly string[]): readonly string[] => {
    const left = [...others];
    return some.filter((row) => {
      const at = left.indexOf(row);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
  };
  return {
    exactly: (...rows) =>
      compare(rows, (visible, wanted) => {
        const missing = missingFrom(wanted, visible);
        const more = missingFrom(visible, wanted);
        if (missing.length === 0 && more.length === 0) return;
        failTest(
          [
            `${caller.name} does not see exactly these rows of ${name}.`,
            ...(missing.length > 0 ? [`  Not seen, but should be: ${shown(missing)}`] : []),
            ...(more.length > 0 ? [`  Seen, but should not be: ${shown(more)}`] : []),
          ].join('\n'),
        );
      }),
    including: (...rows) =>
      compare(rows, (visible, wanted) => {
        const missing = missingFrom(wanted, visible);
        if (missing.length > 0)
          failTest(`${caller.name} does not see ${shown(missing)} of ${name}, but ${shown(visible)}.`);
      }),
    without: (...rows) =>
      compare(rows, (visible, wanted) => {
        const found = wanted.filter((row) => visible.includes(row));
        if (found.length > 0) failTest(`${caller.name} sees ${shown(found)} of ${name}, and should not.`);
      }),
    nothing: () =>
      compare([], (visible) => {
        if (visible.length > 0)
          failTest(
            `${caller.name} sees ${visible.length} rows of ${name} like ${print(where)}, and should see none.`,
          );
      }),
  };
};
