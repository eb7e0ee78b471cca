import type { Finding } from '../../base/index.ts';
import type { Session } from '../../db/index.ts';
import type { StartContext } from './start-check.ts';

const facts = `
  select rolname as name, quote_ident(rolname) as quoted, rolsuper as super, rolbypassrls as bypass,
         (select string_agg(quote_ident(r.rolname), ', ' order by r.rolname) from pg_roles r
          where r.rolsuper and r.rolname <> session_user and pg_has_role(session_user, r.oid, 'MEMBER')) as masters,
         (select string_agg(wanted, ', ' order by wanted) from unnest($1::text[]) as wanted
          where ($2::boolean or to_regrole(wanted) is not null) and not exists (
            select from pg_roles r where r.rolname = wanted and pg_has_role(session_user, r.oid, 'MEMBER')
          )) as missing
  from pg_roles where rolname = session_user`;

/** Relations of the served schemas whose policies do not hold for the login, because it owns them or may as their owner. */
const owned = `
  select c.oid::regclass::text as name, quote_ident(o.rolname) as owner, o.rolname = session_user as self
  from pg_class c join pg_roles o on o.oid = c.relowner
  where c.relnamespace = any (select oid from pg_namespace where nspname = any ($1::text[]))
    and c.relkind in ('r', 'p', 'v', 'm', 'f') and pg_has_role(session_user, c.relowner, 'MEMBER')
  order by 1`;

const list = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

const array = (names: readonly string[]): string =>
  `{${names.map((name) => `"${name.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

const finding = (
  id: string,
  message: string,
  remedy: string,
  severity: Finding['severity'] = 'error',
): Finding => ({
  id,
  severity,
  subject: 'dbUrl',
  message,
  remedy,
});

const checkOwnership = async (serving: Session, schemas: readonly string[]): Promise<readonly Finding[]> => {
  const rows = await serving.query(owned, [array(schemas)]);
  const own = rows.filter(({ self }) => self === 't').map(({ name }) => name as string);
  const others = rows.filter(({ self }) => self !== 't');
  const [login] = await serving.query('select quote_ident(session_user) as name');
  const owners = [...new Set(others.map(({ owner }) => owner as string))];
  return [
    ...(own.length === 0
      ? []
      : [
          finding(
            'serving-owner',
            `The serving login owns what it serves (${list(own)}): policies do not hold for owners.`,
            `reassign owned by ${login?.name} to your_owner;   -- as a superuser, in this database; your_owner is the login of adminUrl`,
          ),
        ]),
    ...owners.map((owner) =>
      finding(
        'serving-owner',
        `The serving login has the rights of ${owner}, who owns what it serves (${list(others.filter((row) => row.owner === owner).map(({ name }) => name as string))}): policies do not hold for owners.`,
        `revoke ${owner} from ${login?.name};`,
      ),
    ),
  ];
};

/**
 * Refuses a serving login to which policies do not apply (a superuser, BYPASSRLS, the owner of what is served), or
 * which cannot take the role of requests.
 */
export const checkLogin = async ({
  serving,
  values,
  files,
}: Pick<StartContext, 'serving' | 'values' | 'files'>): Promise<readonly Finding[]> => {
  const roles = ['anon', 'authenticated', 'service_role'];
  const [row] = await serving.query(facts, [
    array(roles),
    // Where there are files, what they would make is told as pending.
    String(files === undefined),
  ]);
  if (row === undefined) return [];
  const { name, quoted } = row;
  if (row.super === 't')
    return [
      finding(
        'serving-superuser',
        `The serving login ${name} is a superuser: no policy holds for it, and a request could do anything.`,
        `create role authenticator login noinherit password '…'; grant anon, authenticated, service_role to authenticator;   -- and name that login in dbUrl. "ashlar migrate" does both where dbUrl has a login that does not exist yet.`,
      ),
    ];
  const findings: Finding[] = [];
  if (row.bypass === 't')
    findings.push(
      finding(
        'serving-bypassrls',
        `The serving login ${name} has BYPASSRLS: no policy holds for it.`,
        `alter role ${quoted} nobypassrls;`,
      ),
    );
  if (row.masters !== null)
    findings.push(
      finding(
        'serving-superuser',
        `The serving login ${name} may become a superuser (${row.masters}), and so could a request.`,
        `revoke ${row.masters} from ${quoted};`,
      ),
    );
  findings.push(...(await checkOwnership(serving, values.schemas)));
  if (row.missing !== null && row.missing !== undefined)
    findings.push(
      finding(
        'serving-roles',
        `The serving login ${name} cannot take these roles of requests: ${row.missing}.`,
        `ashlar migrate   # with dbUrl and adminUrl; or, as a superuser: grant ${row.missing} to ${quoted};`,
        row.missing.split(', ').includes('anon') ? 'error' : 'warning',
      ),
    );
  return findings;
};
