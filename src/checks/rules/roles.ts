import { type Finding, printName } from '../../base/index.ts';
import type { Role } from '../../model/index.ts';
import { spellIdent, spellQualified } from '../../sql/index.ts';
import { makeFinding } from '../make-finding.ts';
import { isTable, type Rule, type Survey } from '../survey.ts';

const SERVICE = 'service_role';

/** Roles of Postgres' own to which everything is granted, without a GRANT that could be seen. */
const GRANTED_ALL: ReadonlySet<string> = new Set([
  'pg_execute_server_program',
  'pg_read_all_data',
  'pg_read_server_files',
  'pg_write_all_data',
  'pg_write_server_files',
]);

/** Roles that have something to do in this database; others of the cluster may be those of another project. */
const rolesInUse = ({ model }: Survey): ReadonlySet<string> =>
  new Set([
    ...model.schemas.flatMap(({ usage }) => usage),
    ...model.routines.flatMap(({ execute }) => execute),
    ...model.policies.flatMap(({ roles }) => roles),
    ...model.relations.flatMap(({ owner, grants, columns }) => [
      owner,
      ...[...grants, ...columns.flatMap((column) => column.grants)].map(({ grantee }) => grantee),
    ]),
  ]);

/** Roles that requests take: those that everybody knows, and those that a login without their rights may become. */
const requestRoles = (survey: Survey): readonly Role[] => {
  const { model } = survey;
  const inUse = rolesInUse(survey);
  const taken = new Set(['anon', 'authenticated']);
  for (const role of model.roles)
    if (role.login && !role.inherit && !role.superuser)
      for (const name of role.memberOf) if (inUse.has(name)) taken.add(name);
  return model.roles.filter(({ name }) => taken.has(name) && name !== SERVICE);
};

/** Roles of requests that no policy holds, or that may become such. */
export const findPassingRoles: Rule = (survey) => {
  const byName = new Map(survey.model.roles.map((role) => [role.name, role]));
  return requestRoles(survey).flatMap((role): readonly Finding[] => {
    const spelled = spellIdent(role.name);
    const say = (message: string, remedy: string): Finding =>
      makeFinding('request-role-passes-policies', { subject: role.name, comment: null, message, remedy });
    if (role.superuser || role.bypassRls)
      return [
        say(
          `${role.name} is ${role.superuser ? 'a superuser' : 'BYPASSRLS'}, so no policy holds its requests.`,
          `alter role ${spelled} nosuperuser nobypassrls;`,
        ),
      ];
    const granted = role.memberOf
      .filter((name) => GRANTED_ALL.has(name))
      .map((name) =>
        say(
          `${role.name} is a member of ${name}, to which Postgres grants every table that there is.`,
          `revoke ${name} from ${spelled};`,
        ),
      );
    const passing = role.memberOf
      .flatMap((name) => byName.get(name) ?? [])
      .filter((group) => group.superuser || group.bypassRls || group.name === SERVICE)
      .map((group) =>
        say(
          `${role.name} is a member of ${group.name}, whom no policy holds, and may become it.`,
          `revoke ${spellIdent(group.name)} from ${spelled};`,
        ),
      );
    return [...granted, ...passing];
  });
};

/** Tables that belong to a role of requests. */
export const findOwnedTables: Rule = (survey) => {
  const taken = new Set(requestRoles(survey).map(({ name }) => name));
  return survey.relations
    .filter((relation) => isTable(relation) && taken.has(relation.owner))
    .map((relation) =>
      makeFinding('owned-by-request-role', {
        subject: printName(relation),
        comment: relation.comment,
        message: `${printName(relation)} belongs to ${relation.owner}, which requests take${relation.forceRowSecurity ? '' : '; its policies do not hold for its owner'}.`,
        remedy: [
          `alter table ${spellQualified(relation)} owner to current_user;`,
          `-- or, so that policies hold for the owner, too: alter table ${spellQualified(relation)} force row level security;`,
        ].join('\n'),
      }),
    );
};
