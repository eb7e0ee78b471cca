import { type Finding, printName } from '../../base/index.ts';
import type { Relation } from '../../model/index.ts';
import { spellIdent, spellQualified } from '../../sql/index.ts';
import { audienceOf, isAnonymous } from '../audience.ts';
import type { RoutineSource } from '../evidence.ts';
import { makeFinding } from '../make-finding.ts';
import { type Opening, READS_AND_WRITES } from '../outsiders.ts';
import {
  appliesTo,
  COMMANDS,
  type Command,
  isTable,
  type Rule,
  reachFor,
  type Survey,
  type SurveyedPolicy,
} from '../survey.ts';
import { alterPolicy, listWords, nameRoles, spellFunction, spellRoles } from '../words.ts';

const quoteNames = (policies: readonly SurveyedPolicy[]): string =>
  listWords(policies.map(({ policy }) => `"${policy.name}"`));

/** Policies that do nothing yet. What is open because of it is found by `findExposure`. */
export const findSwitchedOff: Rule = (survey) =>
  survey.relations.flatMap((relation): readonly Finding[] => {
    const policies = survey.policies(relation);
    if (relation.rowSecurity || policies.length === 0 || !isTable(relation)) return [];
    if (survey.outsiders.openings(relation, READS_AND_WRITES).length > 0) return [];
    return [
      makeFinding('policies-switched-off', {
        subject: printName(relation),
        comment: relation.comment,
        message: `${printName(relation)} has the ${policies.length === 1 ? 'policy' : 'policies'} ${quoteNames(policies)}, but its row-level security is off. Nobody is granted it yet.`,
        remedy: `alter table ${spellQualified(relation)} enable row level security;`,
      }),
    ];
  });

/** The roles that requests have, with a token and without. */
const REQUEST_ROLES: ReadonlySet<string> = new Set(['anon', 'authenticated', 'PUBLIC']);

/** Columns that usually name the user whose row it is. */
const OWNER_COLUMNS = ['user_id', 'owner_id', 'author_id', 'created_by', 'owner', 'profile_id'];

/**
 * What fits the table and those who are granted it: their own rows where that can be told. Else the grants are taken
 * back, as a policy for every row is only for someone to write who knows what is in them.
 */
const firstPolicy = (
  relation: Relation,
  { grantee, privileges }: Opening,
  all: readonly Opening[],
): string => {
  const table = spellQualified(relation);
  const verb = (
    ['SELECT', 'INSERT', 'UPDATE', 'DELETE'].find((one) => privileges.includes(one)) ?? 'SELECT'
  ).toLowerCase();
  const clause = verb === 'insert' ? 'with check' : 'using';
  const owner = relation.columns.find(({ name, type }) => OWNER_COLUMNS.includes(name) && type === 'uuid');
  if (owner !== undefined && grantee === 'authenticated')
    return [
      '-- Let them have what is their own, or take the grant back:',
      `create policy "own rows" on ${table}`,
      `  for ${verb} to ${spellRoles([grantee])} ${clause} (${spellIdent(owner.name)} = (select auth.uid()));`,
    ].join('\n');
  return [
    `-- If every row is meant for ${grantee}: create policy "all rows" on ${table} for ${verb} to ${spellRoles([grantee])} ${clause} (true);`,
    '-- If not, the grant opens nothing and can go:',
    ...all.map(
      (opening) =>
        `revoke ${opening.privileges.join(', ').toLowerCase()} on ${table} from ${spellRoles([opening.grantee])};`,
    ),
  ].join('\n');
};

/** Tables that are granted and show nothing. */
export const findWithoutPolicy: Rule = (survey) =>
  survey.relations.flatMap((relation): readonly Finding[] => {
    if (
      !isTable(relation) ||
      relation.isPartition ||
      !relation.rowSecurity ||
      survey.policies(relation).length > 0
    )
      return [];
    const openings = survey.outsiders.openings(relation, READS_AND_WRITES);
    const roles = openings.map(({ grantee }) => grantee);
    // The narrowest: who opens to more than that has to say so.
    const chosen = openings.find(({ grantee }) => grantee === 'authenticated') ?? openings[0];
    if (chosen === undefined) return [];
    return [
      makeFinding('no-policy', {
        subject: printName(relation),
        comment: relation.comment,
        severity: roles.some((role) => REQUEST_ROLES.has(role)) ? 'warning' : 'info',
        message: `${nameRoles(roles)} ${roles.length === 1 ? 'is' : 'are'} granted ${printName(relation)}, but it has no policy, so they see and change no row.`,
        remedy: firstPolicy(relation, chosen, openings),
      }),
    ];
  });

/** Policies without TO. */
export const findForPublic: Rule = (survey) =>
  survey.ownRelations.flatMap((relation): readonly Finding[] => {
    const policies = survey
      .policies(relation)
      .filter(({ policy }) => policy.roles.includes('PUBLIC') && policy.permissive);
    if (policies.length === 0 || !relation.rowSecurity) return [];
    const loose = policies.filter((surveyed) =>
      COMMANDS.some(
        (command) =>
          appliesTo(surveyed, command) &&
          !['caller', 'nobody'].includes(reachFor(surveyed, command)) &&
          audienceOf(survey, surveyed, command).some(isAnonymous),
      ),
    );
    return [
      makeFinding('policy-for-public', {
        subject: printName(relation),
        comment: relation.comment,
        message: `The ${policies.length === 1 ? 'policy' : 'policies'} ${quoteNames(policies)} on ${printName(relation)} ${policies.length === 1 ? 'names' : 'name'} no role, so ${policies.length === 1 ? 'it holds' : 'they hold'} for everybody${loose.length > 0 ? `, anon too, whom ${quoteNames(loose)} ${loose.length === 1 ? 'lets' : 'let'} pass` : ''}.`,
        remedy: policies.map(({ policy }) => `${alterPolicy(policy, relation)} to authenticated;`).join('\n'),
      }),
    ];
  });

/** Policies that trust what users write about themselves, be it by a function. */
export const findUserMetadata: Rule = (survey) => {
  const policies = survey.relations
    .flatMap((relation) => survey.policies(relation))
    .filter(({ using, check }) => using?.readsUserMetadata || check?.readsUserMetadata);
  const direct = policies.map(({ policy, relation, using, check }) =>
    makeFinding('user-metadata-in-policy', {
      subject: printName(relation),
      comment: relation.comment,
      message: `The policy "${policy.name}" on ${printName(relation)} looks at user_metadata, which users write themselves.`,
      remedy: [
        alterPolicy(policy, relation),
        ...(policy.using !== null && using ? [`  using (${withAppMetadata(using.text)})`] : []),
        ...(policy.check !== null && check ? [`  with check (${withAppMetadata(check.text)})`] : []),
      ]
        .join('\n')
        .concat(';'),
    }),
  );
  return [...direct, ...findMetadataFunctions(survey)];
};

const withAppMetadata = (text: string): string =>
  text.replaceAll('raw_user_meta_data', 'raw_app_meta_data').replaceAll('user_metadata', 'app_metadata');

/** Functions that policies call and that look at it. */
const findMetadataFunctions = (survey: Survey): readonly Finding[] => {
  const calls = new Map<string, string>();
  for (const relation of survey.relations)
    for (const { policy, using, check } of survey.policies(relation))
      for (const expression of [using, check])
        for (const { schema, name } of expression?.calls ?? [])
          if (schema !== '') calls.set(`${schema}.${name}`, `"${policy.name}" on ${printName(relation)}`);
  return survey.routines.flatMap((routine): readonly Finding[] => {
    const caller = calls.get(printName(routine));
    const source = survey.source(routine);
    if (caller === undefined || source === undefined) return [];
    if (!mentionsMetadata(survey, source)) return [];
    return [
      makeFinding('user-metadata-in-policy', {
        subject: printName(routine),
        comment: routine.comment,
        message: `The ${spellFunction(routine, source)} looks at user_metadata, which users write themselves, and the policy ${caller} trusts it.`,
      }),
    ];
  });
};

/** A column, a key in quotes, or one in a path: `raw_user_meta_data`, `'user_metadata'`, `'{user_metadata,role}'`. */
const METADATA = /^(?:'\{?|"?)(raw_)?user_meta_?data\b/;

/** Tokens are asked, as a comment is none. */
const mentionsMetadata = ({ parser }: Survey, { body, definition }: RoutineSource): boolean =>
  parser.scan(body === '' ? definition : body).some(({ text }) => METADATA.test(text));

/** Policies that come back to the table that they are for. */
export const findRecursion: Rule = (survey) => {
  const reads = (surveyed: SurveyedPolicy, command: Command): readonly Relation[] => {
    const expressions =
      command === 'insert'
        ? [surveyed.check]
        : command === 'update'
          ? [surveyed.using, surveyed.check]
          : [surveyed.using];
    return expressions
      .flatMap((expression) => expression?.subqueries ?? [])
      .flatMap((subquery) => subquery.reads)
      .flatMap((name) => survey.relationNamed(name) ?? [])
      .flatMap((relation) => throughViews(survey, relation));
  };
  /** Of a role's policies for a command, the tables that are read; none where row-level security is off. */
  const below = (relation: Relation, command: Command, role: string): readonly Relation[] =>
    relation.rowSecurity
      ? survey
          .policies(relation)
          .filter((surveyed) => appliesTo(surveyed, command) && holdsFor(surveyed, role))
          .flatMap((surveyed) => reads(surveyed, command))
      : [];
  const circle = (
    relation: Relation,
    command: Command,
    role: string,
    way: readonly Relation[],
  ): readonly Relation[] | undefined => {
    const next = below(relation, command, role);
    if (next.length === 0) return undefined;
    if (way.includes(relation)) return [...way, relation];
    for (const table of next) {
      const found = circle(table, 'select', role, [...way, relation]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return survey.relations.flatMap((relation): readonly Finding[] => {
    const policies = survey.policies(relation);
    const roles = new Set(policies.flatMap(({ policy }) => policy.roles));
    for (const role of roles)
      for (const command of COMMANDS) {
        const way = circle(relation, command, role, []);
        // Told for the table at which the circle closes, once.
        if (way === undefined || way.at(-1)?.oid !== relation.oid) continue;
        const names = way.map(printName);
        return [
          makeFinding('policy-recursion', {
            subject: printName(relation),
            comment: relation.comment,
            message: `${command.toUpperCase()} on ${printName(relation)} fails for ${nameRoles([role])}: its policies lead from ${names.join(' to ')}.`,
            remedy: [
              '-- Ask in a function that passes the policies, in a schema that is not served:',
              'create schema if not exists private;',
              'create function private.my_teams() returns setof bigint',
              "  language sql stable security definer set search_path = ''",
              '  as $$ select team_id from public.members where user_id = (select auth.uid()) $$;',
              '-- and let the policies say: team_id in (select private.my_teams())',
            ].join('\n'),
          }),
        ];
      }
    return [];
  });
};

const holdsFor = ({ policy }: SurveyedPolicy, role: string): boolean =>
  policy.roles.includes('PUBLIC') || policy.roles.includes(role);

/** What a view with the rights of whoever asks reads; of others nothing, as their owners pass. */
const throughViews = (survey: Survey, relation: Relation): readonly Relation[] => {
  if (relation.kind !== 'view') return [relation];
  if (!relation.securityInvoker) return [];
  return survey.evidence.reads
    .filter(({ view }) => view === relation.oid)
    .flatMap(({ relation: oid }) => survey.relation(oid) ?? [])
    .filter(({ oid }) => oid !== relation.oid)
    .flatMap((below) => throughViews(survey, below));
};

/** Permissive policies for the same role and command. */
export const findOverlapping: Rule = (survey) =>
  survey.ownRelations.flatMap((relation): readonly Finding[] => {
    const policies = survey.policies(relation).filter(({ policy }) => policy.permissive);
    const found = new Map<
      string,
      { readonly together: readonly SurveyedPolicy[]; readonly cases: string[] }
    >();
    for (const command of COMMANDS) {
      const applying = policies.filter((surveyed) => appliesTo(surveyed, command));
      for (const role of new Set(applying.flatMap(({ policy }) => policy.roles))) {
        const together = applying.filter((surveyed) => holdsFor(surveyed, role));
        if (together.length < 2) continue;
        const key = together.map(({ policy }) => policy.oid).join();
        const known = found.get(key) ?? { together, cases: [] };
        known.cases.push(`${command.toUpperCase()} of ${nameRoles([role])}`);
        found.set(key, known);
      }
    }
    return [...found.values()].map(({ together, cases }) => {
      const double = together.find((one) =>
        together.some((other) => other !== one && saysTheSame(one, other)),
      );
      return makeFinding('overlapping-policies', {
        subject: printName(relation),
        comment: relation.comment,
        severity: double === undefined ? 'info' : 'warning',
        message: `The policies ${quoteNames(together)} on ${printName(relation)} hold for the same: ${listWords(cases)}.${double === undefined ? '' : ` "${double.policy.name}" says what another says.`}`,
        ...(double === undefined
          ? {}
          : { remedy: `drop policy ${spellIdent(double.policy.name)} on ${spellQualified(relation)};` }),
      });
    });
  });

/** Whether the first could go: the other says the same for its roles and commands. */
const saysTheSame = (one: SurveyedPolicy, other: SurveyedPolicy): boolean =>
  one.using?.text === other.using?.text &&
  one.check?.text === other.check?.text &&
  (other.policy.command === 'all' || other.policy.command === one.policy.command) &&
  (other.policy.roles.includes('PUBLIC') ||
    one.policy.roles.every((role) => other.policy.roles.includes(role)));

/** Policies that were not looked at. */
export const findUnread: Rule = (survey) =>
  survey.unread.map(({ policy, relation }) =>
    makeFinding('policy-unread', {
      subject: printName(relation),
      comment: relation.comment,
      message: `The policy "${policy.name}" on ${printName(relation)} could not be read, so nothing is known of it.`,
    }),
  );
