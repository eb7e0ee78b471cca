import type { Session } from '../db/index.ts';

/** What Postgres says that a role may, before any policy. */
export type Rights = {
  /** Roles whose privileges it has: itself and what it inherits, directly or through others. */
  readonly heldRoles: (role: string) => ReadonlySet<string>;
  readonly usesSchema: (role: string, schema: string) => boolean;
  /** On the relation as a whole. */
  readonly mayRelation: (role: string, relation: number, privilege: string) => boolean;
  /** On one column, by a grant on it or on the whole. */
  readonly mayColumn: (role: string, relation: number, column: number, privilege: string) => boolean;
  readonly mayExecute: (role: string, routine: number) => boolean;
};

const rightsSql = `
with asked as (select r.oid, r.rolname from pg_roles r where r.rolname = any($1::text[])),
rel as (
  select c.oid, c.relnamespace from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($2::text[]) and c.relkind in ('r', 'p', 'v', 'm', 'f')
)
select json_build_object(
  'held', (select coalesce(json_agg(json_build_array(a.rolname, r.rolname)), '[]')
           from asked a join pg_roles r on pg_has_role(a.oid, r.oid, 'USAGE')),
  'schemas', (select coalesce(json_agg(json_build_array(a.rolname, n.nspname)), '[]')
              from asked a join pg_namespace n on has_schema_privilege(a.oid, n.oid, 'USAGE')
              where n.nspname = any($2::text[])),
  'relations', (select coalesce(json_agg(json_build_array(a.rolname, rel.oid::bigint, p.name)), '[]')
                from asked a cross join rel
                cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p (name)
                where has_table_privilege(a.oid, rel.oid, p.name)),
  'columns', (select coalesce(json_agg(json_build_array(a.rolname, rel.oid::bigint, t.attnum, p.name)), '[]')
              from asked a cross join rel
              join pg_attribute t on t.attrelid = rel.oid and t.attnum > 0 and not t.attisdropped and t.attacl is not null
              cross join unnest(array['SELECT', 'INSERT', 'UPDATE']) p (name)
              where has_column_privilege(a.oid, rel.oid, t.attnum, p.name)),
  'routines', (select coalesce(json_agg(json_build_array(a.rolname, f.oid::bigint)), '[]')
               from asked a join pg_proc f on has_function_privilege(a.oid, f.oid, 'EXECUTE')
               join pg_namespace n on n.oid = f.pronamespace where n.nspname = any($2::text[]))
)::text as answer`;

type Answer = { readonly [list: string]: readonly (readonly (string | number)[])[] };

/** Asks Postgres for the rights of some roles on what is in some schemas. */
export const readRights = async (
  session: Session,
  roles: readonly string[],
  schemas: readonly string[],
): Promise<Rights> => {
  const list = (names: readonly string[]): string =>
    `{${names.map((name) => `"${name.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
  const [row] = await session.query(rightsSql, [list(roles), list(schemas)]);
  const answer = JSON.parse(row?.answer ?? '{}') as Answer;
  const keys = (name: string): ReadonlySet<string> =>
    new Set((answer[name] ?? []).map((entry) => entry.join('\u0000')));
  const held = new Map<string, Set<string>>(roles.map((role) => [role, new Set([role])]));
  for (const [role, other] of answer.held ?? []) held.get(String(role))?.add(String(other));
  const [inSchemas, onRelations, onColumns, onRoutines] = [
    keys('schemas'),
    keys('relations'),
    keys('columns'),
    keys('routines'),
  ];
  const has = (set: ReadonlySet<string>, ...key: readonly (string | number)[]): boolean =>
    set.has(key.join('\u0000'));
  return {
    heldRoles: (role) => held.get(role) ?? new Set([role]),
    usesSchema: (role, schema) => has(inSchemas, role, schema),
    mayRelation: (role, relation, privilege) => has(onRelations, role, relation, privilege),
    mayColumn: (role, relation, column, privilege) =>
      has(onRelations, role, relation, privilege) || has(onColumns, role, relation, column, privilege),
    mayExecute: (role, routine) => has(onRoutines, role, routine),
  };
};
