import type { Column, ForeignKey, Model, Parameter, Relation, Routine, Type } from '../../src/model/index.ts';

/** A table as tests write it: columns by name; a view's are `column: 'table.column'`. */
export type TestTable = {
  readonly name: string;
  readonly schema?: string;
  readonly columns: readonly string[];
  readonly primaryKey?: readonly string[];
  readonly isPartition?: boolean;
  /** Makes it a view: for its columns, where they come from (`books.id`). */
  readonly origins?: { readonly [column: string]: string };
};

/** `books.author_id, books.author_town → authors.id, authors.town` in parts. */
export type TestKey = {
  readonly name: string;
  readonly from: readonly [table: string, ...columns: string[]];
  readonly to: readonly [table: string, ...columns: string[]];
  readonly unique?: boolean;
};

/** A function of one argument (a table's row) or of named ones. */
export type TestRoutine = {
  readonly name: string;
  readonly schema?: string;
  readonly comment?: string;
  /** The table whose row it takes. */
  readonly row?: string;
  readonly parameters?: readonly (readonly [name: string, type: string])[];
  /** A table, or the name of a type. */
  readonly returns?: string;
  readonly set?: boolean;
  readonly rows?: number;
  readonly returnsOid?: number;
};

const column = (name: string, number: number): Column => ({
  number,
  name,
  comment: null,
  type: 'integer',
  baseType: 'integer',
  typeOid: 23,
  nullable: true,
  default: null,
  generated: null,
  identity: null,
  maxLength: null,
  enumValues: [],
  updatable: true,
  origin: null,
  grants: [],
});

const parameter = ([name, type]: readonly [string, string], typeOid = 23): Parameter => ({
  name,
  type,
  inputType: type,
  typeOid,
  required: true,
  variadic: false,
});

/** A model of tables, foreign keys and functions, as a catalog would give it. */
export const makeTestModel = (parts: {
  readonly tables?: readonly TestTable[];
  readonly keys?: readonly TestKey[];
  readonly routines?: readonly TestRoutine[];
  readonly types?: readonly Pick<Type, 'schema' | 'name'>[];
}): Model => {
  const tables = parts.tables ?? [];
  const oidOf = (name: string): number => 1000 + tables.findIndex((table) => table.name === name);
  const numberOf = (table: string, name: string): number =>
    (tables.find((item) => item.name === table)?.columns.indexOf(name) ?? -2) + 1;

  const relations = tables.map(
    ({ schema = 'public', name, columns, primaryKey = [], ...table }): Relation => {
      const originOf = (columnName: string): Column['origin'] => {
        const [base, baseColumn] = table.origins?.[columnName]?.split('.') ?? [];
        if (base === undefined || baseColumn === undefined) return null;
        return { relation: oidOf(base), column: numberOf(base, baseColumn) };
      };
      return {
        oid: oidOf(name),
        schema,
        name,
        kind: table.origins ? 'view' : 'table',
        comment: null,
        owner: 'owner',
        rowType: oidOf(name) + 1000,
        isPartition: table.isPartition ?? false,
        columns: columns.map((item, i) => ({ ...column(item, i + 1), origin: originOf(item) })),
        primaryKey,
        uniqueKeys: [],
        insertable: true,
        updatable: true,
        deletable: true,
        rowSecurity: false,
        forceRowSecurity: false,
        securityInvoker: false,
        grants: [],
      };
    },
  );

  const foreignKeys = (parts.keys ?? []).map(({ name, from, to, unique = false }, i): ForeignKey => {
    const [relation, ...own] = from;
    const [foreign, ...others] = to;
    return {
      oid: 5000 + i,
      name,
      relation: oidOf(relation),
      columns: own.map((item) => numberOf(relation, item)),
      foreignRelation: oidOf(foreign),
      foreignColumns: others.map((item) => numberOf(foreign, item)),
      unique,
      onDelete: 'no action',
    };
  });

  const routines = (parts.routines ?? []).map(({ schema = 'public', name, ...routine }, i): Routine => {
    const returned = relations.find((item) => item.name === routine.returns);
    const row = relations.find((item) => item.name === routine.row);
    return {
      oid: 6000 + i,
      schema,
      name,
      comment: routine.comment ?? null,
      parameters: row
        ? [parameter(['', `${row.schema}.${row.name}`], row.rowType)]
        : (routine.parameters ?? []).map((item) => parameter(item)),
      returns: {
        set: routine.set ?? false,
        kind: returned ? 'composite' : 'scalar',
        type: returned ?? { schema: 'pg_catalog', name: routine.returns ?? 'int4' },
        typeOid: routine.returnsOid ?? returned?.rowType ?? 23,
        relation: returned?.oid ?? null,
        compositeAlias: false,
        columns: [],
        rows: routine.rows ?? (routine.set ? 1000 : 0),
      },
      volatility: 'stable',
      securityDefiner: false,
      owner: 'owner',
      settings: [],
      isolation: null,
      searchPath: null,
      execute: ['PUBLIC'],
    };
  });

  return {
    postgres: 180000,
    schemas: [],
    relations,
    foreignKeys,
    routines,
    types: (parts.types ?? []).map((type, i) => ({
      ...type,
      oid: 7000 + i,
      kind: 'base',
      over: null,
      comment: null,
    })),
    roles: [],
    policies: [],
    representations: [],
    mediaHandlers: [],
    setsResponse: false,
    settingsRead: null,
  };
};
