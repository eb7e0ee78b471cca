import type { Caller, Tried } from '../../access/index.ts';
import type { Relation } from '../../model/index.ts';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../sql/index.ts';
import type { Row, Verb } from './api.ts';
import { failTest } from './failure.ts';
import { addSql, atSql, likeSql, placesSql, stillSql, valueSql } from './row-sql.ts';
import { checkColumns, findRelation, type TestStage } from './test-stage.ts';

/** What is tried. */
export type Attempt = {
  readonly verb: Verb;
  readonly relation: string;
  readonly row: Row | undefined;
  readonly values: Row | undefined;
};

/** What came of it: to how many rows of those that were meant, or why not to any. */
type Came =
  | { readonly kind: 'reached'; readonly rows: number; readonly of: number }
  | { readonly kind: 'refused'; readonly why: string }
  /** Something else than rights was in the way. */
  | { readonly kind: 'failed'; readonly why: string };

const print = ({ verb, relation, row, values }: Attempt): string =>
  [
    verb,
    relation,
    ...(row === undefined ? [] : [JSON.stringify(row)]),
    ...(values === undefined ? [] : [`set ${JSON.stringify(values)}`]),
  ].join(' ');

const readError = ({ error }: Tried & { readonly ok: false }): Came =>
  error.code === '42501' ? { kind: 'refused', why: error.message } : { kind: 'failed', why: error.message };

const tryInsert = async (
  { stage }: TestStage,
  caller: Caller,
  relation: Relation,
  row: Row,
): Promise<Came> => {
  const tried = await stage.try(caller, addSql(relation, row));
  return tried.ok ? { kind: 'reached', rows: 1, of: 1 } : readError(tried);
};

const tryExecute = async ({ stage }: TestStage, caller: Caller, name: string, args: Row): Promise<Came> => {
  const [schema, own] = name.includes('.') ? name.split('.', 2) : ['public', name];
  const list = Object.entries(args).map(
    ([key, value]) =>
      `${quoteIdent(key)} => ${value === null ? 'null' : quoteLiteral(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  const tried = await stage.try(
    caller,
    `select ${quoteIdent(schema as string)}.${quoteIdent(own as string)}(${list.join(', ')})`,
  );
  return tried.ok ? { kind: 'reached', rows: 1, of: 1 } : readError(tried);
};

/** The rows that are meant; there has to be one, or else nothing would be proved. */
const findMeant = async (
  { stage }: TestStage,
  attempt: Attempt,
  relation: Relation,
): Promise<readonly string[]> => {
  const rows = await stage.query(placesSql(relation, attempt.row ?? {}));
  if (rows.length === 0)
    failTest(
      `There is no row of ${attempt.relation} like ${JSON.stringify(attempt.row ?? {})}, so nothing is proved. Put one in: await given({ ${JSON.stringify(attempt.relation)}: [{ … }] })`,
    );
  return rows.map((row) => row.place as string);
};

const trySelect = async (
  test: TestStage,
  caller: Caller,
  attempt: Attempt,
  relation: Relation,
): Promise<Came> => {
  const row = attempt.row ?? {};
  const count = `select count(*) from ${quoteQualified(relation)} where ${likeSql(relation, row)}`;
  const [meant] = await test.stage.query(count);
  if (meant?.count === '0') await findMeant(test, attempt, relation);
  const tried = await test.stage.try(caller, count);
  if (!tried.ok) return readError(tried);
  const rows = Number(tried.rows[0]?.count);
  return rows === 0
    ? { kind: 'refused', why: 'no policy lets the row through' }
    : { kind: 'reached', rows, of: Number(meant?.count) };
};

/** A column that setting to what it is changes nothing. */
const setSql = (relation: Relation, values: Row | undefined, column: string): string =>
  values === undefined
    ? `${quoteIdent(column)} = ${quoteIdent(column)}`
    : Object.keys(values)
        .map((name) => `${quoteIdent(name)} = ${valueSql(relation, values, name)}`)
        .join(', ');

/** The columns that a role may write, the first of them one that is not a key. */
const writable = async (
  { stage }: TestStage,
  caller: Caller,
  relation: Relation,
): Promise<string | undefined> => {
  const [found] = await stage.query(
    `select a.attname as name from pg_attribute a
     where a.attrelid = ${relation.oid} and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity <> 'a'
       and has_column_privilege(${quoteLiteral(caller.role)}, a.attrelid, a.attnum, 'UPDATE')
     order by a.attname = any (${relation.primaryKey.length === 0 ? "'{}'::name[]" : `array[${relation.primaryKey.map(quoteLiteral).join(', ')}]::name[]`}), a.attnum limit 1`,
  );
  return found?.name ?? undefined;
};

const tryChange = async (
  test: TestStage,
  caller: Caller,
  attempt: Attempt & { readonly verb: 'update' | 'delete' },
  relation: Relation,
  /** Whether a statement that names no row is tried as well. */
  blindly: boolean,
): Promise<Came> => {
  const places = await findMeant(test, attempt, relation);
  const column = attempt.verb === 'delete' ? '' : await writable(test, caller, relation);
  if (column === undefined)
    return { kind: 'refused', why: `no grant gives ${caller.role} UPDATE on a column of it` };
  const change = (values: Row | undefined): string =>
    attempt.verb === 'delete'
      ? `delete from ${quoteQualified(relation)}`
      : `update ${quoteQualified(relation)} set ${setSql(relation, values, column)}`;
  const run = async (statement: string): Promise<Came> => {
    const tried = await test.stage.try(caller, statement, { after: stillSql(relation, places) });
    if (!tried.ok) return readError(tried);
    const rows = places.length - tried.rows.length;
    return rows === 0
      ? { kind: 'refused', why: 'no policy lets the row through' }
      : { kind: 'reached', rows, of: places.length };
  };
  const named = await run(`${change(attempt.values)} where ${likeSql(relation, attempt.row ?? {})}`);
  if (named.kind === 'reached' || !blindly) return named;
  // Policies on reading are not asked of a statement that reads nothing.
  const blind = await run(change(attempt.values ?? (await constantFor(test, relation, column, places))));
  return blind.kind === 'reached' ? blind : named;
};

/** What stands in a column of the first of some rows: a value that can be set without reading one. */
const constantFor = async (
  { stage }: TestStage,
  relation: Relation,
  column: string,
  places: readonly string[],
): Promise<Row> => {
  if (column === '') return {};
  const [first] = await stage.query(
    `select to_jsonb(t)::text as json from ${quoteQualified(relation)} t where ${atSql(places.slice(0, 1))}`,
  );
  const row = JSON.parse(first?.json ?? '{}') as Row;
  return { [column]: row[column] ?? null };
};

const attemptVerb = async (
  test: TestStage,
  caller: Caller,
  attempt: Attempt,
  blindly: boolean,
): Promise<Came> => {
  if (attempt.verb === 'execute') return tryExecute(test, caller, attempt.relation, attempt.row ?? {});
  const relation = findRelation(test, attempt.relation);
  checkColumns(relation, attempt.row ?? {});
  checkColumns(relation, attempt.values ?? {});
  switch (attempt.verb) {
    case 'insert':
      return tryInsert(test, caller, relation, attempt.row ?? {});
    case 'select':
      return trySelect(test, caller, attempt, relation);
    default:
      return tryChange(test, caller, { ...attempt, verb: attempt.verb }, relation, blindly);
  }
};

/** @throws AssertionError unless all rows that are meant are reached */
export const checkCan = (test: TestStage, caller: Caller, attempt: Attempt): Promise<void> =>
  test.inTurn(async () => {
    const came = await attemptVerb(test, caller, attempt, false);
    const what = print(attempt);
    if (came.kind === 'refused') failTest(`${caller.name} cannot ${what}: ${came.why}.`);
    if (came.kind === 'failed')
      failTest(`${caller.name} tried to ${what}, and it failed for another reason than rights: ${came.why}.`);
    if (came.kind === 'reached' && came.rows < came.of)
      failTest(`${caller.name} can ${what} for ${came.rows} of the ${came.of} rows only.`);
  });

/** @throws AssertionError if any of the rows that are meant is reached */
export const checkCannot = (test: TestStage, caller: Caller, attempt: Attempt): Promise<void> =>
  test.inTurn(async () => {
    const came = await attemptVerb(test, caller, attempt, true);
    const what = print(attempt);
    if (came.kind === 'reached')
      failTest(
        `${caller.name} can ${what}${came.of > 1 ? ` (${came.rows} of ${came.of} rows)` : ''}, and should not.`,
      );
    if (came.kind === 'failed')
      failTest(
        `${caller.name} tried to ${what}, and it failed, but not for want of rights: ${came.why}. Try with values that would otherwise be taken.`,
      );
  });
