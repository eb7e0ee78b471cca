import type { PgError } from '../db/index.ts';
import type { Column, Relation } from '../model/index.ts';
import { quoteIdent, quoteLiteral, quoteQualified } from '../sql/index.ts';
import type { RowJson } from './evaluate.ts';
import { atPlaces, insertSql, type Recipe } from './fixtures.ts';
import type { Caller, Stage, Tried } from './stage.ts';

/** What a statement did to a row; null: it failed for a reason that has nothing to do with rights. */
export type Probe = { readonly reached: boolean | null; readonly error: string | undefined };

const reached: Probe = { reached: true, error: undefined };
const refused: Probe = { reached: false, error: undefined };

/** Checks and keys are looked at after policies have let a row pass; whoever comes that far has been let in. */
const cameThrough = ({ code }: PgError): boolean => code.startsWith('23');

const read = (error: PgError): Probe =>
  cameThrough(error)
    ? reached
    : error.code === '42501'
      ? { reached: false, error: error.message }
      : { reached: null, error: error.message };

const placesOf = (tried: Tried & { readonly ok: true }): ReadonlySet<string> =>
  new Set(tried.rows.map((row) => row.place as string));

/**
 * SQL: opens the whole of a table for reading, so that rows can be told apart where only some columns are open;
 * which rows are seen, policies decide.
 */
export const openingSql = (relation: Relation, role: string): string =>
  `grant select on ${quoteQualified(relation)} to ${quoteIdent(role)}`;

const placeSql = (relation: Relation, places: readonly string[]): string =>
  `select tableoid::bigint || '/' || ctid::text as place from ${quoteQualified(relation)} where ${atPlaces(places)}`;

/** Which of these rows somebody sees. `opening` is run first (`openingSql`), where it is needed. */
export const probeSelect = async (
  stage: Stage,
  caller: Caller,
  relation: Relation,
  places: readonly string[],
  opening: string,
): Promise<readonly Probe[]> => {
  const tried = await stage.try(caller, placeSql(relation, places), { before: opening });
  if (!tried.ok) return places.map(() => read(tried.error));
  const seen = placesOf(tried);
  return places.map((place) => (seen.has(place) ? reached : refused));
};

/**
 * Which of these rows somebody changes: after the statement they are no longer where they were.
 *
 */
export const probeChange = async (
  stage: Stage,
  caller: Caller,
  relation: Relation,
  change: { readonly verb: 'update'; readonly column: Column } | { readonly verb: 'delete' },
  places: readonly string[],
  expected: readonly boolean[],
  opening: string,
): Promise<readonly Probe[]> => {
  const name = quoteQualified(relation);
  const statement = (some: readonly string[]): string =>
    change.verb === 'delete'
      ? `delete from ${name} where ${atPlaces(some)}`
      : `update ${name} set ${quoteIdent(change.column.name)} = ${quoteIdent(change.column.name)} where ${atPlaces(some)}`;
  const run = (some: readonly string[]): Promise<Tried> =>
    stage.try(caller, statement(some), {
      before: opening,
      after: placeSql(relation, some),
    });
  const probeSome = async (some: readonly string[]): Promise<ReadonlyMap<string, Probe>> => {
    if (some.length === 0) return new Map();
    const together = await run(some);
    if (together.ok) {
      const left = placesOf(together);
      return new Map(some.map((place) => [place, left.has(place) ? refused : reached]));
    }
    const [first] = some;
    if (some.length === 1) return new Map([[first as string, read(together.error)]]);
    const half = some.length >> 1;
    return new Map([...(await probeSome(some.slice(0, half))), ...(await probeSome(some.slice(half)))]);
  };
  // One row that must not be as it would be fails the statement, so those that are expected to be are tried apart.
  const good = await probeSome(places.filter((_, i) => expected[i]));
  const bad = await probeSome(places.filter((_, i) => !expected[i]));
  return places.map((place) => good.get(place) ?? bad.get(place) ?? refused);
};

/**
 * Which of these rows somebody may add; of each, the columns that they may set.
 *
 * @param expected which are expected to be taken: these are tried together first
 */
export const probeInsert = async (
  stage: Stage,
  caller: Caller,
  relation: Relation,
  recipes: readonly Recipe[],
  expected: readonly boolean[],
): Promise<readonly Probe[]> => {
  const taken = recipes.filter((_, i) => expected[i]);
  const together =
    taken.length > 1
      ? await stage.try(caller, taken.map((recipe) => insertSql(relation, recipe, false)).join(';\n'))
      : undefined;
  const probes: Probe[] = [];
  for (const [i, recipe] of recipes.entries()) {
    if (expected[i] && together?.ok) {
      probes.push(reached);
      continue;
    }
    const tried = await stage.try(caller, insertSql(relation, recipe, false));
    probes.push(tried.ok ? reached : read(tried.error));
  }
  return probes;
};

/** More rows than that are not all touched for a trial. */
const MAX_BLIND = 5_000;

/**
 * Which rows a statement reaches that names none and reads no column, so that policies on reading are not asked.
 * Undefined: the table is too large, or a key or check has stopped it.
 */
export const probeBlindly = async (
  stage: Stage,
  caller: Caller,
  relation: Relation,
  change: { readonly verb: 'update'; readonly column: Column } | { readonly verb: 'delete' },
  rows: readonly { readonly place: string; readonly json: RowJson }[],
): Promise<readonly boolean[] | undefined> => {
  const name = quoteQualified(relation);
  const [size] = await stage.query(`select count(*) from (select from ${name} limit ${MAX_BLIND + 1}) t`);
  if (Number(size?.count) > MAX_BLIND) return undefined;
  const places = rows.map(({ place }) => place);
  const statement =
    change.verb === 'delete'
      ? `delete from ${name}`
      : `update ${name} set ${quoteIdent(change.column.name)} = (jsonb_populate_record(null::${name}, ${quoteLiteral(JSON.stringify(rows[0]?.json ?? {}))}::jsonb)).${quoteIdent(change.column.name)}`;
  const tried = await stage.try(caller, statement, { after: placeSql(relation, places) });
  if (!tried.ok) return undefined;
  const left = placesOf(tried);
  return places.map((place) => !left.has(place));
};
