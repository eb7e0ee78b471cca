/** The fields of an ErrorResponse or NoticeResponse. Source: Postgres, "Error and Notice Message Fields". */
export type PgErrorFields = {
  readonly severity: string;
  /** SQLSTATE, five characters. */
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** One-based index, in characters, into the statement's text. */
  readonly position?: number;
  readonly internalPosition?: number;
  readonly internalQuery?: string;
  readonly where?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly dataType?: string;
  readonly constraint?: string;
  readonly file?: string;
  readonly line?: string;
  readonly routine?: string;
};

const fieldNames: { readonly [letter: string]: keyof PgErrorFields } = {
  V: 'severity',
  C: 'code',
  M: 'message',
  D: 'detail',
  H: 'hint',
  P: 'position',
  p: 'internalPosition',
  q: 'internalQuery',
  W: 'where',
  s: 'schema',
  t: 'table',
  c: 'column',
  d: 'dataType',
  n: 'constraint',
  F: 'file',
  L: 'line',
  R: 'routine',
};

/** Reads the body of an ErrorResponse or NoticeResponse. */
export const readErrorFields = (buffer: Buffer, start: number, end: number): PgErrorFields => {
  const fields: Record<string, string | number> = { severity: 'ERROR', code: 'XX000', message: '' };
  let at = start;
  while (at < end && buffer[at] !== 0) {
    const letter = String.fromCharCode(buffer[at] as number);
    const zero = buffer.indexOf(0, at + 1);
    const stop = zero < 0 || zero > end ? end : zero;
    const name = fieldNames[letter];
    if (name) {
      const text = buffer.toString('utf8', at + 1, stop);
      fields[name] = name === 'position' || name === 'internalPosition' ? Number(text) : text;
    }
    at = stop + 1;
  }
  return fields as unknown as PgErrorFields;
};

/**
 * An error that Postgres reported, with all its fields. `message` is Postgres' own.
 * `statement` is the index, in the exchange, of the statement that failed; `statement === length` of
 * the list: it failed at the end, as a deferred constraint does.
 */
export class PgError extends Error {
  readonly severity: string;
  readonly code: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly position: number | undefined;
  readonly internalPosition: number | undefined;
  readonly internalQuery: string | undefined;
  readonly where: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly dataType: string | undefined;
  readonly constraint: string | undefined;
  readonly file: string | undefined;
  readonly line: string | undefined;
  readonly routine: string | undefined;
  readonly statement: number;

  constructor(fields: PgErrorFields, statement: number) {
    super(fields.message);
    this.name = 'PgError';
    this.severity = fields.severity;
    this.code = fields.code;
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.position = fields.position;
    this.internalPosition = fields.internalPosition;
    this.internalQuery = fields.internalQuery;
    this.where = fields.where;
    this.schema = fields.schema;
    this.table = fields.table;
    this.column = fields.column;
    this.dataType = fields.dataType;
    this.constraint = fields.constraint;
    this.file = fields.file;
    this.line = fields.line;
    this.routine = fields.routine;
    this.statement = statement;
  }
}

/**
 * Makes a `PgError` without a stack: it would begin in a socket's callback and tell nothing, but
 * cost several times the error itself.
 */
export const makePgError = (fields: PgErrorFields, statement: number): PgError => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return new PgError(fields, statement);
  } finally {
    Error.stackTraceLimit = limit;
  }
};

export const isPgError = (error: unknown): error is PgError => error instanceof PgError;
