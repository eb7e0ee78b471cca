import type { Given, Row } from './api.ts';
import { failTest } from './failure.ts';
import { addSql } from './row-sql.ts';
import { checkColumns, findRelation, type TestStage } from './test-stage.ts';

let savepoints = 0;

/** Puts rows in, all or none. They can be undone as long as nothing that was given before them is. */
export const giveRows = (
  test: TestStage,
  rows: { readonly [relation: string]: readonly Row[] } | string,
): Promise<Given> =>
  test.inTurn(async () => {
    const statements =
      typeof rows === 'string'
        ? [rows]
        : Object.entries(rows).flatMap(([name, list]) => {
            const relation = findRelation(test, name);
            return list.map((row) => {
              checkColumns(relation, row);
              return addSql(relation, row, true);
            });
          });
    const savepoint = `given_${++savepoints}`;
    await test.stage.query(`savepoint ${savepoint}`);
    // SQL of the project's own names its tables as it would anywhere.
    const tried = await test.stage.run(
      ['set local search_path = public, extensions', ...statements, "set local search_path = ''"].join(';\n'),
    );
    if (!tried.ok) failTest(`The rows could not be put in: ${tried.error.message}.`);
    let over = false;
    const undo = (): Promise<void> =>
      test.inTurn(async () => {
        if (over) return;
        over = true;
        await test.stage.query(`rollback to savepoint ${savepoint}; release savepoint ${savepoint}`);
      });
    return { undo, [Symbol.asyncDispose]: undo };
  });
