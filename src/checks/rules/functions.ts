import { type Finding, printName } from '../../base/index.ts';
import { isCallable, type Routine } from '../../model/index.ts';
import { isAnonymous } from '../audience.ts';
import { findUnsafeSql } from '../expression/unsafe-sql.ts';
import { makeFinding } from '../make-finding.ts';
import type { Rule, Survey } from '../survey.ts';
import { nameRoles, spellFunction, spellRoles } from '../words.ts';

/** The outsiders who can call a function as part of the API. */
const callersOf = (survey: Survey, routine: Routine): readonly string[] =>
  survey.schemas.has(routine.schema) && isCallable(routine)
    ? routine.execute.filter((role) => role !== routine.owner && survey.outsiders.isOutsider(role))
    : [];

/** What a function executes that its callers can write into. */
const unsafeSqlOf = (survey: Survey, routine: Routine): string | undefined => {
  const source = survey.source(routine);
  return source?.language === 'plpgsql'
    ? findUnsafeSql(survey.parser, source.definition, routine.parameters)
    : undefined;
};

/** Functions by which a function finds out who calls it; what comes before is `auth.` or a schema of the project's. */
const ASKING: ReadonlySet<string> = new Set(['uid', 'jwt', 'current_setting']);

/** Whether a function asks who calls it. What it makes of the answer cannot be told. */
const asksCaller = ({ parser, source }: Survey, routine: Routine): boolean => {
  const found = source(routine);
  if (found === undefined) return false;
  const tokens = parser.scan(found.body === '' ? found.definition : found.body);
  return tokens.some(({ text }, i) => ASKING.has(text.toLowerCase()) && tokens[i + 1]?.text === '(');
};

/** Functions that run with the rights of their owner. */
export const findDefiners: Rule = (survey) =>
  survey.routines
    .filter(({ securityDefiner }) => securityDefiner)
    .flatMap((routine): readonly Finding[] => {
      const source = survey.source(routine);
      const subject = printName(routine);
      const { comment } = routine;
      const callers = callersOf(survey, routine);
      const spelled = spellFunction(routine, source);
      const findings: Finding[] = [];
      // That it makes SQL of its arguments says more, and the remedy is the same.
      if (callers.length > 0 && unsafeSqlOf(survey, routine) === undefined)
        findings.push(
          makeFinding('definer-function-callable', {
            subject,
            comment,
            severity: asksCaller(survey, routine) ? 'info' : 'warning',
            message: `${nameRoles(callers)} can call the ${spelled}, which runs with the rights of ${routine.owner}${asksCaller(survey, routine) ? '; it asks who calls' : ''}.`,
            remedy: [
              `revoke execute on ${spelled} from ${spellRoles([...new Set([...callers, 'PUBLIC'])])};`,
              ...(callers.some(isAnonymous) && callers.every((role) => role === 'PUBLIC')
                ? [
                    '-- and, if those who have signed in shall call it:',
                    `-- grant execute on ${spelled} to authenticated;`,
                  ]
                : []),
            ].join('\n'),
          }),
        );
      if (routine.searchPath === null && !source?.standard)
        findings.push(
          makeFinding('definer-without-search-path', {
            subject,
            comment,
            message: `The ${spelled} runs with the rights of ${routine.owner}, and looks names up on the path of whoever calls it.`,
            remedy: `alter ${spelled} set search_path = '';\n-- and write the names in it in full: public.posts, not posts.`,
          }),
        );
      return findings;
    });

/** Functions that look names up wherever their callers do. */
export const findSearchPaths: Rule = (survey) =>
  survey.routines
    .filter(({ securityDefiner, searchPath }) => !securityDefiner && searchPath === null)
    .flatMap((routine): readonly Finding[] => {
      const source = survey.source(routine);
      if (source === undefined || source.standard) return [];
      const spelled = spellFunction(routine, source);
      return [
        makeFinding('function-without-search-path', {
          subject: printName(routine),
          comment: routine.comment,
          message: `The ${spelled} has no search_path of its own.`,
          remedy: `alter ${spelled} set search_path = '';\n-- and write the names in it in full: public.posts, not posts.`,
        }),
      ];
    });

/** Functions that callers can have run SQL of their making. */
export const findSqlFromArguments: Rule = (survey) =>
  survey.routines.flatMap((routine): readonly Finding[] => {
    const callers = callersOf(survey, routine);
    const source = survey.source(routine);
    const unsafe = callers.length === 0 ? undefined : unsafeSqlOf(survey, routine);
    if (unsafe === undefined) return [];
    const spelled = spellFunction(routine, source);
    return [
      makeFinding('sql-from-arguments', {
        subject: printName(routine),
        comment: routine.comment,
        severity: routine.securityDefiner ? 'error' : 'warning',
        message: `The ${spelled} executes ${unsafe}, and ${nameRoles(callers)} can call it${routine.securityDefiner ? ` with the rights of ${routine.owner}` : ''}.`,
        remedy: `revoke execute on ${spelled} from ${spellRoles([...new Set([...callers, 'PUBLIC'])])};\n-- or bind what is given: execute '… where id = $1' using id; names by format('%I', name).`,
      }),
    ];
  });
