import type { Grant, Model, Relation, Role } from '../model/index.ts';

/** The role of the project's own programs, which is meant to pass all policies. */
const SERVICE = 'service_role';

/** Roles of Supabase's own services, which its SQL grants to; nobody takes them here. */
const PLATFORM_ROLES: ReadonlySet<string> = new Set([
  'dashboard_user',
  'supabase_admin',
  'supabase_auth_admin',
  'supabase_realtime_admin',
  'supabase_storage_admin',
]);

/** Schemas that a platform or its extensions answer for. `auth` and `storage` are open to policies, so they count. */
const PLATFORM_SCHEMAS: ReadonlySet<string> = new Set([
  '_realtime',
  'ashlar',
  'cron',
  'extensions',
  'graphql',
  'graphql_public',
  'net',
  'pgbouncer',
  'pgmq',
  'pgsodium',
  'pgsodium_masks',
  'pgtle',
  'realtime',
  'repack',
  'supabase_functions',
  'supabase_migrations',
  'tiger',
  'tiger_data',
  'topology',
  'vault',
]);

export const isPlatformSchema = (schema: string): boolean => PLATFORM_SCHEMAS.has(schema);

/** What a role is granted on a relation or on some of its columns. */
export type Opening = { readonly grantee: string; readonly privileges: readonly string[] };

/** Who is who, among the roles of a model. */
export type Outsiders = {
  /** Whether row-level security is what holds the role: it is no superuser, has no BYPASSRLS, and is not `service_role`. */
  readonly isOutsider: (role: string) => boolean;
  /** Whether a role has the rights of another, or is it. */
  readonly inherits: (role: string, from: string) => boolean;
  /** Whether a role passes the policies of a table by what it is: a superuser, BYPASSRLS, or its owner, unless they are forced. */
  readonly passes: (role: string, table: Relation) => boolean;
  /** To whom a relation is open, and for what: outsiders who are granted it and can look into its schema. */
  readonly openings: (relation: Relation, privileges: ReadonlySet<string>) => readonly Opening[];
};

export const READS_AND_WRITES: ReadonlySet<string> = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE']);

const PRIVILEGE_ORDER = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'];

const inOrder = (privileges: Iterable<string>): readonly string[] =>
  [...privileges].sort((a, b) => PRIVILEGE_ORDER.indexOf(a) - PRIVILEGE_ORDER.indexOf(b));

/** All grants on a relation, those on columns too. */
const grantsOf = (relation: Relation): readonly Grant[] => [
  ...relation.grants,
  ...relation.columns.flatMap((column) => column.grants),
];

export const readOutsiders = (model: Model): Outsiders => {
  const roles = new Map(model.roles.map((role) => [role.name, role]));
  const usage = new Map(model.schemas.map((schema) => [schema.name, new Set(schema.usage)]));

  const stands = ({ superuser, bypassRls }: Role): boolean => superuser || bypassRls;
  /** The role and all that it has the rights of by inheritance. */
  const reach = (name: string, seen: Set<string> = new Set()): ReadonlySet<string> => {
    if (seen.has(name)) return seen;
    seen.add(name);
    const role = roles.get(name);
    if (role?.inherit) for (const group of role.memberOf) reach(group, seen);
    return seen;
  };
  const isOutsider = (name: string): boolean => {
    if (name === 'PUBLIC') return true;
    const role = roles.get(name);
    // What is not in the model is one of Postgres' own, such as pg_monitor.
    return role !== undefined && !stands(role) && name !== SERVICE && !PLATFORM_ROLES.has(name);
  };
  /** Whether somebody who has what the grantee has can look into the schema. */
  const canLook = (grantee: string, schema: string): boolean => {
    const allowed = usage.get(schema) ?? new Set<string>();
    if (allowed.has('PUBLIC')) return true;
    return model.roles.some((role) => {
      if (!isOutsider(role.name)) return false;
      const has = reach(role.name);
      return (grantee === 'PUBLIC' || has.has(grantee)) && [...has].some((name) => allowed.has(name));
    });
  };

  return {
    isOutsider,
    inherits: (role, from) => reach(role).has(from),
    passes: (name, table) => {
      const role = roles.get(name);
      if (role !== undefined && stands(role)) return true;
      return !table.rowSecurity || (!table.forceRowSecurity && reach(name).has(table.owner));
    },
    openings: (relation, wanted) => {
      const byGrantee = new Map<string, Set<string>>();
      for (const { grantee, privilege } of grantsOf(relation)) {
        if (!wanted.has(privilege) || grantee === relation.owner || !isOutsider(grantee)) continue;
        if (!canLook(grantee, relation.schema)) continue;
        byGrantee.set(grantee, (byGrantee.get(grantee) ?? new Set()).add(privilege));
      }
      return [...byGrantee].map(([grantee, privileges]) => ({ grantee, privileges: inOrder(privileges) }));
    },
  };
};
