import { type Finding, printName } from '../../base/index.ts';
import type { Relation } from '../../model/index.ts';
import { spellQualified } from '../../sql/index.ts';
import { makeFinding } from '../make-finding.ts';
import type { Rule, Survey } from '../survey.ts';
import { nameRoles, spellColumns, spellRoles } from '../words.ts';

/** Privileges that pass by policies. */
export const findTruncate: Rule = (survey) => {
  const open = survey.relations.flatMap((relation) => {
    const openings = survey.outsiders.openings(relation, new Set(['TRUNCATE']));
    return openings.length === 0 ? [] : [{ relation, roles: openings.map(({ grantee }) => grantee) }];
  });
  const schemas = [...new Set(open.map(({ relation }) => relation.schema))];
  return schemas.map((schema) => {
    const tables = open.filter(({ relation }) => relation.schema === schema);
    const roles = [...new Set(tables.flatMap((item) => item.roles))].sort();
    const names = tables.map(({ relation }) => relation);
    return makeFinding('truncate-granted', {
      subject: schema,
      comment: commentOf(survey, schema),
      message: `${nameRoles(roles)} may TRUNCATE ${names.length === 1 ? printName(names[0] as Relation) : `${names.length} tables of the schema ${schema}`}.`,
      remedy: `revoke truncate on ${names.map(spellQualified).join(', ')} from ${spellRoles(roles)};`,
    });
  });
};

const commentOf = (survey: Survey, schema: string): string | null =>
  survey.model.schemas.find(({ name }) => name === schema)?.comment ?? null;

/** Sequences that can be set. */
export const findSequences: Rule = (survey) => {
  const open = survey.evidence.sequences
    .filter(({ schema }) => survey.schemas.has(schema))
    .flatMap((sequence) => {
      const roles = sequence.grants
        .filter(({ grantee, privilege }) => privilege === 'UPDATE' && grantee !== sequence.owner)
        .map(({ grantee }) => grantee)
        .filter(survey.outsiders.isOutsider);
      return roles.length === 0 ? [] : [{ sequence, roles }];
    });
  const schemas = [...new Set(open.map(({ sequence }) => sequence.schema))];
  return schemas.map((schema) => {
    const found = open.filter(({ sequence }) => sequence.schema === schema);
    const roles = [...new Set(found.flatMap((item) => item.roles))].sort();
    const names = found.map(({ sequence }) => sequence);
    return makeFinding('sequence-writable', {
      subject: schema,
      comment: commentOf(survey, schema),
      message: `${nameRoles(roles)} may set ${names.length === 1 ? `the sequence ${names.map(printName).join('')}` : `${names.length} sequences of the schema ${schema}`}.`,
      remedy: `revoke update on sequence ${names.map(spellQualified).join(', ')} from ${spellRoles(roles)};`,
    });
  });
};

/** Schemas in which outsiders may create things. */
export const findCreators: Rule = (survey) =>
  survey.evidence.creators.flatMap(({ schema, roles }): readonly Finding[] => {
    const found = roles.filter(survey.outsiders.isOutsider);
    if (found.length === 0) return [];
    return [
      makeFinding('schema-open-for-creation', {
        subject: schema,
        comment: commentOf(survey, schema),
        message: `${nameRoles(found)} may create tables and functions in the schema ${schema}.`,
        remedy: `revoke create on schema ${spellColumns([schema])} from ${spellRoles(found)};`,
      }),
    ];
  });
