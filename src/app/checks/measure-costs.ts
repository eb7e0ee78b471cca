import { type Finding, printName } from '../../base/index.ts';
import type { Session } from '../../db/index.ts';
import { isPgError } from '../../db/index.ts';
import type { Column, Model, Relation } from '../../model/index.ts';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../sql/index.ts';

/** Findings whose remedy makes reading cheaper. */
const MEASURED: ReadonlySet<string> = new Set([
  'policy-evaluated-per-row',
  'policy-column-unindexed',
  'policy-joins',
]);

const ROWS = 20_000;
/** So many rows have the same value in a column that need not be unique: twenty are one caller's. */
const DISTINCT = 1_000;
const CALLER = '00000000-0000-4000-8000-000000000001';

/** SQL: a value for the row `g`; undefined: the column is left to its default. */
const valueFor = (column: Column, unique: boolean): string | undefined => {
  if (column.generated !== null) return undefined;
  const n = unique ? 'g' : `(g % ${DISTINCT})`;
  const { baseType, enumValues } = column;
  if (enumValues[0] !== undefined && !baseType.endsWith('[]')) return `${quoteLiteral(enumValues[0])}`;
  switch (baseType) {
    case 'uuid':
      return `md5(${n}::text)::uuid`;
    case 'smallint':
      return `(g % 30000)::smallint`;
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'real':
    case 'double precision':
      return n;
    case 'text':
    case 'character varying':
    case 'citext':
      return `left('v' || ${n}::text, ${column.maxLength ?? 40})`;
    case 'boolean':
      return 'g % 2 = 0';
    case 'timestamp with time zone':
    case 'timestamp without time zone':
      return `now() - ${n} * interval '1 minute'`;
    case 'date':
      return `current_date - (${n})::int`;
    default:
      return undefined;
  }
};

/** Fills a table with made-up rows. Its checks, NOT NULL and triggers do not hold while the transaction lasts. */
const fill = async (session: Session, relation: Relation): Promise<void> => {
  const name = quoteQualified(relation);
  const checks = await session.query(
    "select conname as name from pg_constraint where conrelid = $1::regclass and contype = 'c'",
    [name],
  );
  for (const check of checks)
    await session.query(`alter table ${name} drop constraint ${quoteIdent(check.name ?? '')}`);
  const unique = new Set(relation.uniqueKeys.flat());
  const values = relation.columns.flatMap((column) => {
    const value = valueFor(column, unique.has(column.name));
    return value === undefined ? [] : [{ column, value }];
  });
  for (const column of relation.columns)
    if (
      !column.nullable &&
      column.generated === null &&
      column.default === null &&
      column.identity === null &&
      !values.some((item) => item.column === column)
    )
      await session.query(`alter table ${name} alter column ${quoteIdent(column.name)} drop not null`);
  const columns = values.map(({ column }) => quoteIdent(column.name)).join(', ');
  await session.query(
    `insert into ${name} (${columns}) overriding system value
     select ${values.map(({ value }) => value).join(', ')} from generate_series(1, ${ROWS}) g
     on conflict do nothing`,
  );
  await session.query(`analyze ${name}`);
};

const readCost = async (session: Session, statement: string, role: string): Promise<number | undefined> => {
  await session.query('savepoint ashlar_cost');
  try {
    await session.query(
      "select set_config('request.jwt.claims', $1, true), set_config('request.jwt.claim.sub', $2, true)",
      [JSON.stringify({ sub: CALLER, role }), CALLER],
    );
    await session.query(`set local role ${quoteIdent(role)}`);
    const [row] = await session.query(`explain (format json) ${statement}`);
    return JSON.parse(row?.['QUERY PLAN'] ?? '[]')[0]?.Plan?.['Total Cost'];
  } catch (error) {
    if (isPgError(error)) return undefined;
    throw error;
  } finally {
    await session.query('rollback to savepoint ashlar_cost');
  }
};

/** What the statement that the policy is for costs, before and after: the first one that gets cheaper. */
const measure = async (
  session: Session,
  relation: Relation,
  role: string,
  remedy: string,
): Promise<Finding['cost']> => {
  const name = quoteQualified(relation);
  const [column] = relation.columns.filter(
    ({ generated, identity }) => generated === null && identity === null,
  );
  const statements = [
    `select 1 from ${name}`,
    ...(column === undefined ? [] : [`update ${name} set ${quoteIdent(column.name)} = default`]),
    `delete from ${name}`,
  ];
  for (const statement of statements) {
    await session.query('savepoint ashlar_remedy');
    try {
      const before = await readCost(session, statement, role);
      await session.query(remedy);
      const after = await readCost(session, statement, role);
      if (before !== undefined && after !== undefined && after < before) return { before, after, rows: ROWS };
    } catch (error) {
      if (!isPgError(error)) throw error;
    } finally {
      await session.query('rollback to savepoint ashlar_remedy');
    }
  }
  return undefined;
};

const policyTablesSql = `
select distinct n.nspname as schema, c.relname as name
from pg_policy p
join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass
join pg_class c on c.oid = d.refobjid and c.relkind = 'r'
join pg_namespace n on n.oid = c.relnamespace
where p.polrelid = $1::regclass`;

/** Who reads the table, of those whom policies are for. */
const findReader = (relation: Relation): string | undefined => {
  const grantees = new Set(
    [...relation.grants, ...relation.columns.flatMap((column) => column.grants)]
      .filter(({ privilege }) => privilege === 'SELECT' || privilege === 'DELETE')
      .map(({ grantee }) => grantee),
  );
  if (grantees.has('PUBLIC')) return 'authenticated';
  return ['authenticated', 'anon'].find((role) => grantees.has(role));
};

/**
 * Measures what remedies of slow policies come to: fills the tables that they are about with made-up rows, asks
 * Postgres for its estimate as it is and with the remedy, and undoes everything. For a database that is thrown away,
 * with the login of a superuser.
 */
export const measureCosts = async (
  session: Session,
  model: Model,
  findings: readonly Finding[],
): Promise<readonly Finding[]> => {
  const relations = new Map(model.relations.map((relation) => [printName(relation), relation]));
  const relationOf = ({ subject }: Finding): Relation | undefined =>
    relations.get(subject) ?? relations.get(subject.split('.').slice(0, 2).join('.'));
  const costs = new Map<Finding, Finding['cost']>();
  const measured = findings.filter(({ id, remedy }) => MEASURED.has(id) && remedy !== undefined);
  for (const relation of new Set(measured.flatMap((finding) => relationOf(finding) ?? []))) {
    const role = findReader(relation);
    if (role === undefined) continue;
    await session.query('begin');
    try {
      await session.query('set local session_replication_role = replica');
      const names = await session.query(policyTablesSql, [quoteQualified(relation)]);
      const tables = new Set([
        relation,
        ...names.flatMap(({ schema, name }) => relations.get(`${schema}.${name}`) ?? []),
      ]);
      for (const table of tables) await fill(session, table);
      for (const finding of measured.filter((item) => relationOf(item) === relation))
        costs.set(finding, await measure(session, relation, role, finding.remedy ?? ''));
    } catch (error) {
      // What cannot be filled is not measured.
      if (!isPgError(error)) throw error;
    } finally {
      await session.query('rollback');
    }
  }
  return findings.map((finding) => {
    const cost = costs.get(finding);
    return cost === undefined ? finding : { ...finding, cost };
  });
};
