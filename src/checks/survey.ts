import { type Finding, printName, type QualifiedName } from '../base/index.ts';
import type { AttributeNumber, Column, Oid, Policy, Relation, Routine } from '../model/index.ts';
import type { Index, RoutineSource } from './evidence.ts';
import { findReach, type Reach } from './expression/condition.ts';
import type { SqlParser } from './expression/parser.ts';
import { type Expression, readExpression } from './expression/read-expression.ts';
import { isPlatformSchema, type Outsiders, readOutsiders } from './outsiders.ts';
import type { Subject } from './subject.ts';

/** A policy, and what its expressions say. */
export type SurveyedPolicy = {
  readonly policy: Policy;
  readonly relation: Relation;
  /** Undefined: it has none. */
  readonly using: Expression | undefined;
  /** What new rows have to be: WITH CHECK, or where there is none, USING. */
  readonly check: Expression | undefined;
};

export type Command = 'select' | 'insert' | 'update' | 'delete';
export const COMMANDS: readonly Command[] = ['select', 'insert', 'update', 'delete'];

/** A subject with the look-ups that the rules share. */
export type Survey = Subject & {
  readonly parser: SqlParser;
  readonly outsiders: Outsiders;
  /** The schemas that are served. */
  readonly schemas: ReadonlySet<string>;
  /** What policies are written for: neither a platform's nor an extension's, but `auth` and `storage`. */
  readonly relations: readonly Relation[];
  /** What the project has made itself. */
  readonly ownRelations: readonly Relation[];
  readonly routines: readonly Routine[];
  readonly relation: (oid: Oid) => Relation | undefined;
  readonly relationNamed: (name: QualifiedName) => Relation | undefined;
  readonly policies: (relation: Relation) => readonly SurveyedPolicy[];
  /** Policies whose expressions the parser does not know; they are not among the others. */
  readonly unread: readonly { readonly policy: Policy; readonly relation: Relation }[];
  readonly indexes: (relation: Relation) => readonly Index[];
  readonly source: (routine: Routine) => RoutineSource | undefined;
};

/** One thing that is looked for. */
export type Rule = (survey: Survey) => readonly Finding[];

const group = <T>(items: readonly T[], keyOf: (item: T) => Oid): ReadonlyMap<Oid, readonly T[]> => {
  const groups = new Map<Oid, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
};

/** Schemas that Ashlar or Supabase fills, and a project adds to. */
const OURS: ReadonlySet<string> = new Set(['auth', 'storage']);

/** Prepares the look-ups of a subject, and reads the expressions of its policies. */
export const makeSurvey = (
  { model, evidence }: Subject,
  parser: SqlParser,
  schemas: readonly string[],
): Survey => {
  const byOid = new Map(model.relations.map((relation) => [relation.oid, relation]));
  const byName = new Map(model.relations.map((relation) => [printName(relation), relation]));
  const fromExtension = new Set(evidence.extensionRelations);
  const routinesFromExtension = new Set(evidence.extensionRoutines);
  const indexes = group(evidence.indexes, ({ relation }) => relation);
  const sources = new Map(evidence.routineSources.map((source) => [source.routine, source]));

  const asking = new Set(
    model.routines.filter(({ volatility }) => volatility !== 'immutable').map(printName),
  );
  const mayAskCaller = (name: QualifiedName): boolean => asking.has(printName(name));
  const read = (text: string | null, relation: Relation): Expression | undefined =>
    text === null ? undefined : readExpression(parser, text, { relation, mayAskCaller });
  const unread: { readonly policy: Policy; readonly relation: Relation }[] = [];
  const policies = group(
    model.policies.flatMap((policy): readonly SurveyedPolicy[] => {
      const relation = byOid.get(policy.relation);
      if (relation === undefined) return [];
      try {
        const using = read(policy.using, relation);
        return [{ policy, relation, using, check: read(policy.check, relation) ?? using }];
      } catch {
        unread.push({ policy, relation });
        return [];
      }
    }),
    ({ relation }) => relation.oid,
  );

  const relations = model.relations.filter(
    ({ schema, oid }) => !isPlatformSchema(schema) && !fromExtension.has(oid),
  );
  return {
    model,
    evidence,
    parser,
    outsiders: readOutsiders(model),
    schemas: new Set(schemas),
    relations,
    ownRelations: relations.filter(({ schema }) => !OURS.has(schema)),
    routines: model.routines.filter(
      ({ schema, oid }) => !isPlatformSchema(schema) && !OURS.has(schema) && !routinesFromExtension.has(oid),
    ),
    relation: (oid) => byOid.get(oid),
    relationNamed: (name) => byName.get(printName(name)),
    policies: (relation) => policies.get(relation.oid) ?? [],
    unread,
    indexes: (relation) => indexes.get(relation.oid) ?? [],
    source: (routine) => sources.get(routine.oid),
  };
};

export const isTable = ({ kind }: Relation): boolean => kind === 'table' || kind === 'partitioned table';

export const columnNamed = (relation: Relation, name: string): Column | undefined =>
  relation.columns.find((column) => column.name === name);

export const columnNumbered = (relation: Relation, number: AttributeNumber): Column | undefined =>
  relation.columns.find((column) => column.number === number);

/** Whether a column is the first of an index that holds all rows, so that rows are found by it. */
export const isLookedUp = (survey: Survey, relation: Relation, column: string): boolean => {
  const number = columnNamed(relation, column)?.number;
  return survey
    .indexes(relation)
    .some(({ columns, predicate }) => predicate === null && columns[0] === number);
};

/** Whether a policy holds for a command. */
export const appliesTo = ({ policy }: SurveyedPolicy, command: Command): boolean =>
  policy.command === 'all' || policy.command === command;

/** Whom a policy lets pass for a command: on the rows that there are, and with those that come to be. */
export const reachFor = ({ using, check }: SurveyedPolicy, command: Command): Reach => {
  // A policy without the expression that its command takes lets nothing pass.
  const of = (expression: Expression | undefined): Reach =>
    expression === undefined ? 'nobody' : findReach(expression.conditions);
  switch (command) {
    case 'select':
    case 'delete':
      return of(using);
    case 'insert':
      return of(check);
    case 'update':
      // A row has to pass both, as it was and as it becomes; the first says which rows.
      return of(using);
  }
};
