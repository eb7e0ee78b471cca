import type { QualifiedName } from '../base/index.ts';

/** An object's identity inside one database: a rename keeps it. */
export type Oid = number;

/** A column's identity inside its relation (`pg_attribute.attnum`). */
export type AttributeNumber = number;

/**
 * What the database is, read at one moment: plain JSON, frozen, names as they are serialised and
 * oids as identity. Everything else (`indexModel`) is derived from it.
 */
export type Model = {
  /** Postgres' `server_version_num`, e.g. 180004. */
  readonly postgres: number;
  /** All schemas that are not Postgres' own, with their comments. */
  readonly schemas: readonly Schema[];
  /** Ordered by schema and name. */
  readonly relations: readonly Relation[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly routines: readonly Routine[];
  readonly types: readonly Type[];
  readonly roles: readonly Role[];
  readonly policies: readonly Policy[];
  /** Functions used by a CAST from or to a domain: the domain's representations. */
  readonly representations: readonly Representation[];
  /** Aggregates and functions that make a media type. */
  readonly mediaHandlers: readonly MediaHandler[];
  /**
   * Whether something mentions `response.headers` or `response.status`: the source of a function, a
   * view, a default or a policy.
   */
  readonly setsResponse: boolean;
};

export type Schema = {
  readonly oid: Oid;
  readonly name: string;
  readonly comment: string | null;
  /** Roles with USAGE (`PUBLIC` for everybody); the owner is among them. */
  readonly usage: readonly string[];
};

export type RelationKind = 'table' | 'partitioned table' | 'view' | 'materialized view' | 'foreign table';

export type Relation = {
  readonly oid: Oid;
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  readonly comment: string | null;
  readonly owner: string;
  /** The type of its rows, by which functions take and return them. */
  readonly rowType: Oid;
  /** A partition of another table; it is not served by itself. */
  readonly isPartition: boolean;
  readonly columns: readonly Column[];
  /** Names of the primary key's columns in the key's order; for views those of the tables seen through it. */
  readonly primaryKey: readonly string[];
  /** Unique constraints and the primary key of the relation itself, each the names of its columns. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** What the relation can do by its nature (`information_schema.is_insertable_into` …), whoever asks. */
  readonly insertable: boolean;
  readonly updatable: boolean;
  readonly deletable: boolean;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  /** Views only: whether the caller's rights apply (`security_invoker`). */
  readonly securityInvoker: boolean;
  readonly grants: readonly Grant[];
};

export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE' | 'REFERENCES' | 'TRIGGER';

/** A grant on a relation or on one of its columns; `grantee` `PUBLIC` is everybody. */
export type Grant = {
  readonly grantee: string;
  readonly privilege: Privilege | string;
};

export type Column = {
  readonly number: AttributeNumber;
  readonly name: string;
  readonly comment: string | null;
  /** The type as `format_type` prints it with its modifier, e.g. `character varying(50)`, `text[]`. */
  readonly type: string;
  /** The type below all domains, printed without modifier; the same as `type` where there is no domain. */
  readonly baseType: string;
  readonly typeOid: Oid;
  /** False where NOT NULL holds, also as seen through a view. */
  readonly nullable: boolean;
  /** The default's expression; for generated and identity columns null. */
  readonly default: string | null;
  readonly generated: 'stored' | 'virtual' | null;
  readonly identity: 'always' | 'by default' | null;
  /** Characters, for varchar(n) and char(n). */
  readonly maxLength: number | null;
  /** The labels of an enum type, in order. */
  readonly enumValues: readonly string[];
  /** Whether a view's column can be written through; true for columns of tables. */
  readonly updatable: boolean;
  /** A view's column that is just a column of a base table: which. */
  readonly origin: ColumnOrigin | null;
  /** Grants on this column alone. */
  readonly grants: readonly Grant[];
};

export type ColumnOrigin = { readonly relation: Oid; readonly column: AttributeNumber };

/** A foreign key as declared on a base table. */
export type ForeignKey = {
  readonly oid: Oid;
  readonly name: string;
  readonly relation: Oid;
  readonly columns: readonly AttributeNumber[];
  readonly foreignRelation: Oid;
  readonly foreignColumns: readonly AttributeNumber[];
  /** Whether its columns are unique in `relation`, which makes the relationship one-to-one. */
  readonly unique: boolean;
  readonly onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';
};

export type Volatility = 'volatile' | 'stable' | 'immutable';

export type Routine = {
  readonly oid: Oid;
  readonly schema: string;
  readonly name: string;
  readonly comment: string | null;
  /** Input arguments in order. */
  readonly parameters: readonly Parameter[];
  readonly returns: RoutineReturn;
  readonly volatility: Volatility;
  readonly securityDefiner: boolean;
  readonly owner: string;
  /** `SET name = value` of the function itself, as far as it is hoisted to the transaction. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** `default_transaction_isolation` among those settings. */
  readonly isolation: 'read committed' | 'repeatable read' | 'serializable' | null;
  /** `SET search_path` of the function itself. */
  readonly searchPath: string | null;
  /** Roles with EXECUTE; `PUBLIC` for everybody. */
  readonly execute: readonly string[];
};

export type Parameter = {
  /** Empty for an unnamed one. */
  readonly name: string;
  /** As `format_type` prints it. */
  readonly type: string;
  /** `type`, but `bit varying` for bit and `character varying` for char, which would cut the value. */
  readonly inputType: string;
  readonly typeOid: Oid;
  readonly required: boolean;
  readonly variadic: boolean;
};

export type RoutineReturn = {
  readonly set: boolean;
  /** void, one value of a type, or a row. */
  readonly kind: 'void' | 'scalar' | 'composite';
  /** The type's qualified name; for a composite type of a relation, the relation's. */
  readonly type: QualifiedName;
  /** The type as declared: for a domain the domain's, whereas `type` is what lies below. */
  readonly typeOid: Oid;
  /** The relation whose row type is returned. */
  readonly relation: Oid | null;
  /** A domain over a composite type. */
  readonly compositeAlias: boolean;
  /** What OUT, INOUT and TABLE give to the row, in order. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** How many rows Postgres is told to expect (`ROWS`); 0 where no set is returned. */
  readonly rows: number;
};

/** A type that requests may name in a cast, or whose insides matter. */
export type Type = {
  readonly oid: Oid;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'base' | 'domain' | 'enum' | 'composite' | 'range' | 'multirange' | 'pseudo';
  /** Domains: the type directly below. Arrays: the element. */
  readonly over: Oid | null;
  readonly comment: string | null;
};

export type Role = {
  readonly oid: Oid;
  readonly name: string;
  readonly login: boolean;
  readonly superuser: boolean;
  readonly bypassRls: boolean;
  readonly inherit: boolean;
  /** Roles that it is a direct member of. */
  readonly memberOf: readonly string[];
  /** `ALTER ROLE … SET`, as far as a session of the serving login may set them. */
  readonly settings: readonly (readonly [name: string, value: string])[];
};

export type Policy = {
  readonly oid: Oid;
  readonly relation: Oid;
  readonly name: string;
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
  readonly permissive: boolean;
  /** `PUBLIC` for everybody. */
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
};

/** `CREATE CAST (source AS target) WITH FUNCTION function`, where one of them is a domain. */
export type Representation = {
  /** As `format_type` prints it. */
  readonly source: string;
  readonly target: string;
  readonly function: QualifiedName;
};

/** A function or aggregate that turns a relation's rows (or any rows) into a media type. */
export type MediaHandler = {
  /** The domain's name, e.g. `text/csv`; the one of three characters (star, slash, star) takes any. */
  readonly mediaType: string;
  readonly function: QualifiedName;
  /** Aggregates: the relation whose rows it takes; null: any rows (`anyelement`), or not an aggregate. */
  readonly relation: QualifiedName | null;
  /** The function that clients call; null: an aggregate. */
  readonly routine: Oid | null;
};
