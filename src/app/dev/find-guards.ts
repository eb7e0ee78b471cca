import type { QualifiedName } from '../../base/index.ts';
import type { Pool } from '../../db/index.ts';
import type { Plan, ReadPlan } from '../../plan/index.ts';

/** A table whose rows a request may see or change, and the policies that choose among them for its role. */
export type GuardedTable = {
  readonly name: string;
  /** Whether policies hold at all on it (`enable row level security`). */
  readonly rowSecurity: boolean;
  readonly policies: readonly {
    readonly name: string;
    readonly command: string;
    readonly permissive: boolean;
    readonly using: string | null;
    readonly check: string | null;
  }[];
};

/** What stands between a request and the rows. */
export type Guards = {
  /** The role is exempt from policies (BYPASSRLS, superuser). */
  readonly exempt: boolean;
  readonly tables: readonly GuardedTable[];
  /** Functions that are called on the way, with their definitions. */
  readonly functions: readonly { readonly name: string; readonly definition: string }[];
};

const readNames = ({ source, embeds }: ReadPlan): readonly QualifiedName[] => [
  ...(source.kind === 'relation' ? [source.relation] : []),
  ...embeds.flatMap(({ relationship, read }) => [
    ...(relationship.kind === 'many-to-many' ? [relationship.junction.relation] : []),
    ...readNames(read),
  ]),
];

const readRoutines = ({ embeds }: ReadPlan): readonly QualifiedName[] =>
  embeds.flatMap(({ relationship, read }) => [
    ...(relationship.kind === 'computed' ? [relationship.function] : []),
    ...readRoutines(read),
  ]);

// What views and functions in standard SQL refer to, Postgres keeps as dependencies. What other functions refer to
// stands in their text alone, so their tables are not found.
const guardsSql = `
with recursive reached (class, oid) as (
  select 'pg_class'::regclass, c.oid
  from pg_class c
  join json_to_recordset($1) as named (schema text, name text)
    on named.name = c.relname and c.relnamespace = to_regnamespace(quote_ident(named.schema))
  union
  select 'pg_proc'::regclass, p.oid
  from pg_proc p
  join json_to_recordset($2) as named (schema text, name text)
    on named.name = p.proname and p.pronamespace = to_regnamespace(quote_ident(named.schema))
  union
  select d.refclassid, d.refobjid
  from reached r
  left join pg_rewrite w on r.class = 'pg_class'::regclass and w.ev_class = r.oid
  join pg_depend d
    on (d.classid = 'pg_rewrite'::regclass and d.objid = w.oid)
    or (r.class = 'pg_proc'::regclass and d.classid = r.class and d.objid = r.oid)
  where d.refclassid in ('pg_class'::regclass, 'pg_proc'::regclass) and d.refobjid <> r.oid
)
select json_build_object(
  'exempt', (select rolsuper or rolbypassrls from pg_roles where rolname = $3),
  'tables', coalesce((
    select json_agg(json_build_object(
      'name', c.oid::regclass::text,
      'rowSecurity', c.relrowsecurity,
      'policies', coalesce((
        select json_agg(json_build_object(
          'name', policyname, 'command', cmd, 'permissive', permissive = 'PERMISSIVE', 'using', qual, 'check', with_check
        ) order by policyname)
        from pg_policies
        where schemaname = c.relnamespace::regnamespace::text and tablename = c.relname
          and cmd = any ($4)
          and exists (select from unnest(roles) as one where one = 'public' or pg_has_role($3, one, 'usage'))
      ), '[]')
    ) order by c.oid::regclass::text)
    from reached join pg_class c on c.oid = reached.oid
    where reached.class = 'pg_class'::regclass and c.relkind in ('r', 'p', 'f')
  ), '[]'),
  'functions', coalesce((
    select json_agg(json_build_object(
      'name', p.oid::regprocedure::text, 'definition', pg_get_functiondef(p.oid)
    ) order by p.oid desc)
    from reached join pg_proc p on p.oid = reached.oid
    where reached.class = 'pg_proc'::regclass and p.prokind in ('f', 'p')
      and p.pronamespace <> 'pg_catalog'::regnamespace
  ), '[]')
)`;

/**
 * Finds what guards the rows of a request: the tables that its plan reaches, also through views and functions,
 * and the policies on them that hold for the role.
 *
 * @throws PgError, ConnectionError
 */
export const findGuards = async (pool: Pool, plan: Plan, role: string): Promise<Guards> => {
  const { write, call, read, verb } = plan;
  const relations = [...(write === undefined ? [] : [write.relation]), ...readNames(read)];
  const routines = [...(call === undefined ? [] : [call.routine]), ...readRoutines(read)];
  const commands = verb === 'read' ? '{SELECT,ALL}' : '{SELECT,INSERT,UPDATE,DELETE,ALL}';
  const [outcome] = await pool.run([
    {
      text: guardsSql,
      key: undefined,
      params: [JSON.stringify(relations), JSON.stringify(routines), role, commands],
    },
  ]);
  return JSON.parse(String(outcome?.rows[0]?.[0])) as Guards;
};
