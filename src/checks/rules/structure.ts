import { type Finding, printName } from '../../base/index.ts';
import { spellIdent, spellQualified } from '../../sql/index.ts';
import { makeFinding } from '../make-finding.ts';
import { columnNumbered, isTable, type Rule } from '../survey.ts';
import { spellColumns } from '../words.ts';

/** Foreign keys whose rows are found by reading the whole table. */
export const findUnindexedKeys: Rule = (survey) =>
  survey.model.foreignKeys.flatMap((key): readonly Finding[] => {
    const relation = survey.relation(key.relation);
    if (relation === undefined || relation.isPartition || !survey.ownRelations.includes(relation)) return [];
    const wanted = new Set(key.columns);
    const found = survey
      .indexes(relation)
      .some(
        ({ columns, predicate }) =>
          (predicate === null || /^\(\(?\w+ IS NOT NULL\)?\)$/.test(predicate)) &&
          columns.slice(0, wanted.size).every((column) => wanted.has(column)) &&
          columns.length >= wanted.size,
      );
    if (found) return [];
    const names = key.columns.flatMap((number) => columnNumbered(relation, number)?.name ?? []);
    return [
      makeFinding('foreign-key-unindexed', {
        subject: `${printName(relation)}.${names.join(', ')}`,
        comment: relation.comment,
        message: `The foreign key ${key.name} of ${printName(relation)} has no index on ${names.join(', ')}.`,
        remedy: `create index on ${spellQualified(relation)} (${spellColumns(names)});`,
      }),
    ];
  });

/** Foreign keys to what the server may change. */
export const findKeysToAuth: Rule = (survey) =>
  survey.model.foreignKeys.flatMap((key): readonly Finding[] => {
    const relation = survey.relation(key.relation);
    const target = survey.relation(key.foreignRelation);
    if (relation === undefined || target?.schema !== 'auth' || relation.schema === 'auth') return [];
    const names = key.foreignColumns.flatMap((number) => columnNumbered(target, number)?.name ?? []);
    if (names.every((name) => target.primaryKey.includes(name))) return [];
    return [
      makeFinding('foreign-key-to-auth', {
        subject: printName(relation),
        comment: relation.comment,
        message: `The foreign key ${key.name} of ${printName(relation)} refers to ${printName(target)} by ${names.join(', ')}.`,
        remedy: `-- Refer to ${printName(target)} (${target.primaryKey.join(', ')}) instead.\nalter table ${spellQualified(relation)} drop constraint ${spellIdent(key.name)};`,
      }),
    ];
  });

export const findKeyless: Rule = (survey) =>
  survey.ownRelations
    .filter((relation) => isTable(relation) && !relation.isPartition && relation.primaryKey.length === 0)
    .map((relation) =>
      makeFinding('no-primary-key', {
        subject: printName(relation),
        comment: relation.comment,
        severity: survey.schemas.has(relation.schema) ? 'warning' : 'info',
        message: `${printName(relation)} has no primary key.`,
        remedy: `alter table ${spellQualified(relation)} add column id bigint generated always as identity primary key;`,
      }),
    );

/** Types of which pg_upgrade says that they cannot be moved. */
const UNMOVABLE: ReadonlySet<string> = new Set([
  'regcollation',
  'regconfig',
  'regdictionary',
  'regnamespace',
  'regoper',
  'regoperator',
  'regproc',
  'regprocedure',
]);

export const findUnmovableTypes: Rule = (survey) =>
  survey.ownRelations
    .filter((relation) => isTable(relation) || relation.kind === 'materialized view')
    .flatMap((relation) =>
      relation.columns
        .filter(({ baseType }) => UNMOVABLE.has(baseType.replace('[]', '')))
        .map((column) =>
          makeFinding('column-of-reg-type', {
            subject: `${printName(relation)}.${column.name}`,
            comment: relation.comment,
            message: `${printName(relation)}.${column.name} is of the type ${column.baseType}.`,
            remedy: `alter table ${spellQualified(relation)} alter column ${spellIdent(column.name)} type text;`,
          }),
        ),
    );

export const findDoubleIndexes: Rule = (survey) =>
  survey.ownRelations.flatMap((relation) => {
    const indexes = survey.indexes(relation);
    return indexes.flatMap((index, i): readonly Finding[] => {
      const twin = indexes.find((other, j) => other.shape === index.shape && j !== i);
      // Of two that are the same, the one behind a constraint stays, or the first.
      if (twin === undefined || index.constraint || (!twin.constraint && indexes.indexOf(twin) > i))
        return [];
      return [
        makeFinding('duplicate-index', {
          subject: printName(relation),
          comment: relation.comment,
          message: `The index ${index.name} on ${printName(relation)} is the same as ${twin.name}.`,
          remedy: `drop index ${spellQualified({ schema: relation.schema, name: index.name })};`,
        }),
      ];
    });
  });

/** How often a table has to have been read, and how many rows it has to have, before an index counts as unused. */
const MANY_SCANS = 1000;
const MANY_ROWS = 1000;

export const findUnusedIndexes: Rule = (survey) => {
  const busy = new Set(
    survey.evidence.usage
      .filter(({ rows, scans }) => rows >= MANY_ROWS && scans >= MANY_SCANS)
      .map(({ relation }) => relation),
  );
  return survey.ownRelations
    .filter(({ oid }) => busy.has(oid))
    .flatMap((relation) =>
      survey
        .indexes(relation)
        .filter(({ scans, unique, constraint }) => scans === 0 && !unique && !constraint)
        .map((index) =>
          makeFinding('unused-index', {
            subject: printName(relation),
            comment: relation.comment,
            message: `The index ${index.name} on ${printName(relation)} has never been used since the statistics were begun.`,
            remedy: `drop index ${spellQualified({ schema: relation.schema, name: index.name })};`,
          }),
        ),
    );
};

export const findExtensions: Rule = (survey) =>
  survey.evidence.extensions.flatMap(({ name, schema, version, available }): readonly Finding[] => [
    ...(survey.schemas.has(schema)
      ? [
          makeFinding('extension-in-public', {
            subject: name,
            comment: null,
            message: `The extension ${name} is in the schema ${schema}, which is served.`,
            remedy: `create schema if not exists extensions;\nalter extension ${spellIdent(name)} set schema extensions;`,
          }),
        ]
      : []),
    ...(available !== null && available !== version
      ? [
          makeFinding('extension-outdated', {
            subject: name,
            comment: null,
            message: `The extension ${name} is of version ${version}; the server has ${available}.`,
            remedy: `alter extension ${spellIdent(name)} update;`,
          }),
        ]
      : []),
  ]);
