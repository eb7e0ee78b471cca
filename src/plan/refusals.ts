import { editDistance, findSimilar, printName, type QualifiedName, Refusal, refuse } from '../base/index.ts';
import {
  type Contract,
  findRelationships,
  findResource,
  suggestResource,
  suggestRoutine,
  usableResources,
} from '../contract/index.ts';
import type { Relationship, Routine } from '../model/index.ts';
import type { Ask, MediaType } from '../request/index.ts';

/** Refuses with an error of Postgres' own, as it would have said itself. */
const refuseAsPostgres = (code: string, status: number, message: string, hint: string | null): never => {
  throw new Refusal({ code, status, message, details: null, hint });
};

/** Postgres suggests a column of at most this edit distance, and at most half of the name. */
const FAR = 3;

/**
 * 42703 as Postgres words it, hint included (parse_relation.c: the nearest column, if it is near).
 */
export const refuseUnknownColumn = (alias: string, name: string, columns: Iterable<string>): never => {
  let best: string | undefined;
  let least = FAR + 1;
  for (const column of columns) {
    if (Math.abs(column.length - name.length) >= least) continue;
    const distance = editDistance(column, name);
    if (distance < least && distance <= name.length / 2) {
      least = distance;
      best = column;
    }
  }
  return refuseAsPostgres(
    '42703',
    400,
    `column ${alias}.${name} does not exist`,
    best === undefined ? null : `Perhaps you meant to reference the column "${alias}.${best}".`,
  );
};

/** 42703 where no table qualifies the name: in ON CONFLICT. */
export const refuseUnknownConflictColumn = (name: string): never =>
  refuseAsPostgres('42703', 400, `column "${name}" does not exist`, null);

/** 42703 too: rows can only be ordered by what is selected of an embed. */
export const refuseUnselectedColumn = (embed: string, column: string): never =>
  refuseAsPostgres(
    '42703',
    400,
    `column "${column}" of the embedded resource "${embed}" is not selected`,
    `To order by it, select it: ${embed}(…,${column}).`,
  );

/** 42704 as Postgres words it. */
export const refuseUnknownType = (name: string): never =>
  refuseAsPostgres('42704', 400, `type "${name}" does not exist`, null);

/** @param columns those of which one may have been meant */
export const refuseUnknownPayloadColumn = (
  table: string,
  column: string,
  columns: Iterable<string>,
): never => {
  const similar = findSimilar(column, columns)[0]?.name;
  return refuse('PGRST204', {
    message: `Could not find the '${column}' column of '${table}' in the schema cache`,
    hint: similar === undefined ? null : `Perhaps you meant the column '${similar}'`,
  });
};

export const refuseUnknownResource = (contract: Contract, name: QualifiedName): never => {
  const similar = suggestResource(contract, name);
  return refuse('PGRST205', {
    message: `Could not find the table '${printName(name)}' in the schema cache`,
    hint: similar === undefined ? null : `Perhaps you meant the table '${name.schema}.${similar}'`,
  });
};

export const refuseNotEmbedded = (name: string): never =>
  refuse('PGRST108', {
    message: `'${name}' is not an embedded resource in this request`,
    hint: `Verify that '${name}' is included in the 'select' query parameter.`,
  });

/** An embed was meant by the name of its table, though it has an alias. */
export const refuseTargetName = (name: string, alias: string): never =>
  refuse('PGRST108', {
    message: `'${name}' is not an embedded resource in this request`,
    details: 'Target names are not allowed in filters if they have an alias',
    hint: `Change '${name}' to '${alias}' in filters, orders or limits.`,
  });

/** PGRST200, with the parent or the child that was probably meant. */
export const refuseNoRelationship = (
  contract: Contract,
  schema: string,
  parent: string,
  child: string,
  hint: string | undefined,
): never => {
  const known = findRelationships(contract, { schema, name: parent }, schema);
  const exists = findResource(contract, { schema, name: parent }) !== undefined;
  const suggestion = exists
    ? findSimilar(
        child,
        known.map(({ foreign }) => foreign.name),
      ).find((match) => match.score < 1)?.name
    : findSimilar(
        parent,
        usableResources(contract, schema)
          .filter((relation) => findRelationships(contract, relation, schema).length > 0)
          .map((relation) => relation.name),
      )[0]?.name;
  const meant = exists ? child : parent;
  const using = hint === undefined ? '' : `' using the hint '${hint}`;
  return refuse('PGRST200', {
    message: `Could not find a relationship between '${parent}' and '${child}' in the schema cache`,
    details: `Searched for a foreign key relationship between '${parent}' and '${child}${using}' in the schema '${schema}', but no matches were found.`,
    hint: suggestion === undefined ? null : `Perhaps you meant '${suggestion}' instead of '${meant}'.`,
  });
};

const listColumns = (names: readonly string[]): string => `(${names.join(', ')})`;

const describeRelationship = (relationship: Relationship) => {
  if (relationship.kind === 'computed') return {};
  const embedding = `${relationship.relation.name} with ${relationship.foreign.name}`;
  if (relationship.kind === 'many-to-many') {
    const { junction } = relationship;
    const first = `${junction.constraint1}${listColumns(junction.sourceColumns.map(([, column]) => column))}`;
    const second = `${junction.constraint2}${listColumns(junction.targetColumns.map(([, column]) => column))}`;
    return {
      cardinality: relationship.kind,
      embedding,
      relationship: `${junction.relation.name} using ${first} and ${second}`,
    };
  }
  const own = listColumns(relationship.columns.map(([column]) => column));
  const foreign = listColumns(relationship.columns.map(([, column]) => column));
  return {
    cardinality: relationship.kind,
    embedding,
    relationship: `${relationship.constraint} using ${relationship.relation.name}${own} and ${relationship.foreign.name}${foreign}`,
  };
};

const hintFor = (relationship: Relationship): string => {
  if (relationship.kind === 'computed') return '';
  const by =
    relationship.kind === 'many-to-many' ? relationship.junction.relation.name : relationship.constraint;
  return `'${relationship.foreign.name}!${by}'`;
};

/** PGRST201, with all choices. */
export const refuseAmbiguousRelationship = (
  parent: string,
  child: string,
  choices: readonly Relationship[],
): never =>
  refuse('PGRST201', {
    message: `Could not embed because more than one relationship was found for '${parent}' and '${child}'`,
    details: choices.map(describeRelationship),
    hint: `Try changing '${child}' to one of the following: ${choices.map(hintFor).join(', ')}. Find the desired relationship in the 'details' key.`,
  });

/** A body of these types goes to a single unnamed parameter. */
const RAW_TYPES: ReadonlyMap<string, string> = new Map([
  ['text/plain', 'text'],
  ['text/xml', 'xml'],
  ['application/octet-stream', 'bytea'],
]);

const plainName = (type: MediaType): string => (type.kind === 'plain' ? type.name : '');

/** PGRST202, with the function or the parameters that were probably meant. */
export const refuseNoRoutine = (
  contract: Contract,
  ask: Ask,
  name: QualifiedName,
  argumentNames: readonly string[],
  overloads: readonly Routine[],
): never => {
  const posted = ask.verb === 'call';
  const raw = posted ? RAW_TYPES.get(plainName(ask.contentType)) : undefined;
  const none = argumentNames.length === 0;
  const names = argumentNames.join(', ');
  const called = printName(name);
  const withNames = none
    ? ' without parameters'
    : ` with parameter${argumentNames.length > 1 ? 's' : ''} ${names}`;
  const searched =
    raw !== undefined
      ? ` with a single unnamed ${raw} parameter`
      : posted && plainName(ask.contentType) === 'application/json'
        ? `${withNames} or with a single unnamed json/jsonb parameter`
        : withNames;
  const list = (parameters: readonly string[]): string => `(${[...parameters].sort().join(', ')})`;
  const suggestion = (): string | null => {
    if (raw !== undefined) return null;
    if (overloads.length === 0) {
      const similar = suggestRoutine(contract, name);
      return similar === undefined
        ? null
        : `Perhaps you meant to call the function ${name.schema}.${similar}`;
    }
    const similar = findSimilar(
      list(argumentNames),
      overloads.map((routine) => list(routine.parameters.map((parameter) => parameter.name))),
    )[0]?.name;
    return similar === undefined ? null : `Perhaps you meant to call the function ${called}${similar}`;
  };
  return refuse('PGRST202', {
    message: `Could not find the function ${called}${raw !== undefined ? '' : none ? ' without parameters' : `(${names})`} in the schema cache`,
    details: `Searched for the function ${called}${searched}, but no matches were found in the schema cache.`,
    hint: suggestion(),
  });
};

/** PGRST203, with all candidates. */
export const refuseAmbiguousRoutine = (candidates: readonly Routine[]): never => {
  const print = (routine: Routine): string =>
    `${printName(routine)}(${routine.parameters.map(({ name, type }) => `${name} => ${type}`).join(', ')})`;
  return refuse('PGRST203', {
    message: `Could not choose the best candidate function between: ${candidates.map(print).join(', ')}`,
    hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved',
  });
};
