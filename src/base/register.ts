/** The stages of a request at which an error can arise; the register is grouped by them. */
export type ErrorStage = 'connection' | 'request' | 'schema' | 'credentials' | 'internal';

export type RegisteredError = {
  readonly stage: ErrorStage;
  /** HTTP status of the answer. */
  readonly status: number;
  /** The message where the place that refuses gives none of its own. */
  readonly message: string;
  /** What it means and what to do, for the docs page. One or two sentences. */
  readonly meaning: string;
};

const entry = (stage: ErrorStage, status: number, message: string, meaning: string): RegisteredError => ({
  stage,
  status,
  message,
  meaning,
});

/**
 * Every error of our own. Codes and statuses are PostgREST's wherever it has one, since its clients
 * switch on them; `docs/reference/errors.md` has an anchor for each, and a test ties the two.
 * Errors of Postgres itself keep their SQLSTATE and are not listed here.
 */
export const errorRegister = {
  PGRST000: entry(
    'connection',
    503,
    'Database connection error.',
    'The database could not be reached. The server keeps trying; try again shortly.',
  ),
  PGRST001: entry(
    'connection',
    503,
    'Database client error. Retrying the connection.',
    'The connection to the database broke while the request was under way. A write may or may not have been committed: read before you repeat it.',
  ),
  PGRST002: entry(
    'connection',
    503,
    'Could not query the database for the schema cache. Retrying.',
    'The server is up but has not yet been able to read the schema. Try again shortly.',
  ),
  PGRST003: entry(
    'connection',
    504,
    'Timed out acquiring connection from connection pool.',
    'All connections to the database stayed busy for too long. Look for slow statements, or raise the size of the pool.',
  ),

  PGRST100: entry(
    'request',
    400,
    'Could not parse the query string.',
    'A parameter of the URL is not of the language. The details tell what stands there and what was expected.',
  ),
  PGRST101: entry(
    'request',
    405,
    'Cannot use this method on RPC',
    'Functions take GET, HEAD and POST (and OPTIONS), nothing else.',
  ),
  PGRST102: entry(
    'request',
    400,
    'Empty or invalid json',
    'The body could not be read: not valid JSON, CSV or form data, objects with different keys, or a Content-Type that is not understood here.',
  ),
  PGRST103: entry(
    'request',
    416,
    'Requested range not satisfiable',
    'The limit is negative, the lower end of the Range lies behind the upper, or the offset lies behind the last row.',
  ),
  PGRST105: entry(
    'request',
    405,
    "Filters must include all and only primary key columns with 'eq' operators",
    'PUT writes one row and names it by its whole primary key, with eq and nothing else.',
  ),
  PGRST106: entry(
    'request',
    406,
    'Invalid schema',
    'Accept-Profile or Content-Profile names a schema that is not served. The hint lists those that are.',
  ),
  PGRST107: entry(
    'request',
    406,
    'None of these media types are available',
    'Nothing that the Accept header allows can be made from this resource.',
  ),
  PGRST108: entry(
    'request',
    400,
    'Not an embedded resource in this request',
    'A filter, order or limit names an embedded resource that select does not embed.',
  ),
  PGRST111: entry(
    'internal',
    500,
    'response.headers guc must be a JSON array composed of objects with a single key and a string value',
    'A function of the database set response.headers to something else than [{"name": "value"}, …].',
  ),
  PGRST112: entry(
    'internal',
    500,
    'response.status guc must be a valid status code',
    'A function of the database set response.status to something that is not an HTTP status.',
  ),
  PGRST114: entry(
    'request',
    400,
    'limit/offset querystring parameters are not allowed for PUT',
    'PUT writes exactly one row, so a page of it makes no sense.',
  ),
  PGRST115: entry(
    'request',
    400,
    'Payload values do not match URL in primary key column(s)',
    'The key in the body of a PUT must be the key in its URL. Nothing was written.',
  ),
  PGRST116: entry(
    'request',
    406,
    'Cannot coerce the result to a single JSON object',
    'A single object was asked for (application/vnd.pgrst.object+json, single()), but there is not exactly one row. A write was undone.',
  ),
  PGRST117: entry('request', 405, 'Unsupported HTTP method', 'The resource does not have this method.'),
  PGRST118: entry(
    'request',
    400,
    'A related order is not possible',
    'Rows can only be ordered by a column of a related resource of which each row has at most one.',
  ),
  PGRST120: entry(
    'request',
    400,
    'Bad operator on an embedded resource',
    'An embedded resource can only be filtered as a whole with is.null or not.is.null.',
  ),
  PGRST121: entry(
    'internal',
    500,
    'Could not parse JSON in the "RAISE SQLSTATE \'PGRST\'" error',
    'A function raised SQLSTATE PGRST; its MESSAGE and DETAIL must be JSON objects of the documented form.',
  ),
  PGRST122: entry(
    'request',
    400,
    'Invalid preferences given with handling=strict',
    'Prefer: handling=strict was asked for, and another preference is unknown or malformed.',
  ),
  PGRST123: entry(
    'request',
    400,
    'Use of aggregate functions is not allowed',
    'Aggregates are switched off on this server (db-aggregates-enabled).',
  ),
  PGRST124: entry(
    'request',
    400,
    'Query result exceeds max-affected preference constraint',
    'The write would have changed more rows than Prefer: max-affected allows. Nothing was changed.',
  ),
  PGRST125: entry(
    'request',
    404,
    'Invalid path specified in request URL',
    'Resources are served as /table and functions as /rpc/function; this path is neither.',
  ),
  PGRST126: entry(
    'request',
    404,
    'Root endpoint metadata is disabled',
    'This server does not describe itself at its root (openapi-mode=disabled).',
  ),
  PGRST127: entry(
    'request',
    400,
    'Feature not implemented',
    'The parts of the request are known, but not together. The details tell which.',
  ),
  PGRST128: entry(
    'request',
    400,
    'Function must return SETOF or TABLE when max-affected preference is used with handling=strict',
    'The number of rows that a function changed is only known if it returns them.',
  ),

  ASH101: entry(
    'request',
    400,
    'An item takes no filters, order or page',
    'The path names one row by its key, so nothing else can say which rows are meant. Filters of embedded resources are fine.',
  ),
  ASH102: entry(
    'request',
    400,
    'The body does not fit the path',
    'An item is written as one JSON object, and a body cannot say again, or otherwise, what the path says already.',
  ),
  ASH103: entry(
    'request',
    409,
    'A test of the patch has failed',
    'A JSON Patch may test what is there before it changes it (op test); it is not so. Nothing was changed.',
  ),
  ASH104: entry(
    'request',
    413,
    'The patch does too much',
    'A JSON Patch has at most 1,000 operations. What they put in, copies too, has at most the size of the row and the patch and 1 MiB, and nests at most 100 levels deep. Nothing was changed.',
  ),
  ASH201: entry(
    'request',
    400,
    'The idempotency key could not be read',
    'Idempotency-Key is a text that the client makes anew for each request, and sends again with each repetition of it: a UUID will do.',
  ),
  ASH202: entry(
    'request',
    401,
    'Idempotency keys belong to somebody',
    'Keys are kept for the one who sent them, and this request does not say who that is. Send a token, or let the server take keys from everybody (anonymousKeys).',
  ),
  ASH203: entry(
    'request',
    400,
    'The answer is too long to be kept',
    'An answer is kept for those who repeat the request with the same idempotency key, and this one is too long for that. Nothing was changed.',
  ),
  ASH204: entry(
    'request',
    429,
    'Too many idempotency keys',
    'Keys are kept for 24 hours with their answers, and so many of this caller are kept that there are no more. Nothing was changed.',
  ),
  ASH301: entry(
    'request',
    400,
    'The batch could not be read',
    'A batch is a JSON list of steps, each with method and path, and if it likes with headers and body. Nothing was changed.',
  ),
  ASH302: entry(
    'request',
    413,
    'The batch is too large',
    'A batch has at most 100 steps and 1 MiB, and the values that its steps refer to have at most 4 MiB. Nothing was changed.',
  ),
  ASH303: entry(
    'request',
    400,
    'A reference of the batch leads nowhere',
    'A step can refer to what an earlier step was answered, as a value: {"$ref": "0.body.id"} in a body, {0.body.id} in a path. Nothing was changed.',
  ),
  ASH304: entry(
    'request',
    400,
    'A step of the batch was refused',
    'The status is that of the step; the details tell which it was, and its error. Nothing of the batch was done.',
  ),
  ASH305: entry(
    'request',
    400,
    'The answers of the batch are too long',
    'All answers of a batch are held until the last step is done, so they have a limit (maxBatchAnswer). Ask for less: return=minimal, fewer columns, a limit. Nothing of the batch was done.',
  ),
  ASH403: entry(
    'request',
    403,
    'The item can be seen, but not changed',
    'A policy lets the caller read the row, and none lets them change or delete it. Nothing was changed.',
  ),
  ASH404: entry(
    'request',
    404,
    'There is no such item',
    'No row has this key, or none that the caller may see: which of the two is not told.',
  ),
  ASH409: entry(
    'request',
    409,
    'A request with this idempotency key is under way',
    'The first delivery has not been answered yet. Send it again after the seconds that Retry-After tells.',
  ),
  ASH412: entry(
    'request',
    412,
    'The item has changed',
    'If-Match or If-Unmodified-Since names another version than the one that is there, or If-None-Match: * was sent and the item exists. Nothing was changed: read it again, and decide anew.',
  ),
  ASH415: entry(
    'request',
    415,
    'An item is not changed by a body of this type',
    'PATCH takes JSON with the columns to change, a merge patch (RFC 7396) or a JSON Patch (RFC 6902): Content-Type says which.',
  ),
  ASH422: entry(
    'request',
    422,
    'The idempotency key was used for another request',
    'A key stands for one request: method, path, body, and the headers that decide its effect. Make a new key for each.',
  ),
  ASH428: entry(
    'request',
    428,
    'This item is only changed with If-Match',
    'Its table asks for a condition, so that nobody overwrites what they have not seen: send the ETag of what you read as If-Match.',
  ),
  ASH400: entry(
    'request',
    400,
    'The request is not of the form that HTTP/1.1 has',
    'What came could not be read as a request, or it could be read in two ways: two lengths, two hosts, lines that end in an unusual way. It was not looked at further, and the connection was closed.',
  ),
  ASH408: entry(
    'request',
    408,
    'The request came too slowly',
    'Headers and body have to be there within a time each. Send less at once, look at the connection, or raise the limit (headTimeout, bodyTimeout).',
  ),
  ASH413: entry(
    'request',
    413,
    'The body of the request is too large',
    'The server takes bodies up to a certain size, and larger ones of CSV. Send less at once, send CSV, or raise the limit (maxBody, maxCsv).',
  ),
  ASH414: entry(
    'request',
    414,
    'The address of the request is too long',
    'Path and query together may have a certain number of bytes. Ask for fewer keys at once, or call a function by POST, whose arguments are in the body.',
  ),
  ASH421: entry(
    'request',
    421,
    'This server does not answer to this name',
    'A server for development that only this machine can reach answers to localhost and loopback addresses only, so that no page of another site can get at it under a name of its own. Use one of those, or list the name in allowedHosts.',
  ),
  ASH431: entry(
    'request',
    431,
    'The headers of the request are too large',
    'All headers together may have a certain number of bytes, and there may be a certain number of them. Most often it is cookies that have piled up, or a token with too much in it.',
  ),
  ASH503: entry(
    'request',
    503,
    'There is too much to do at the moment',
    'The server, or the database behind it, has more to do than it can do soon, so the request was not begun. Try again after the seconds in Retry-After.',
  ),

  PGRST200: entry(
    'schema',
    400,
    'Could not find a relationship in the schema cache',
    'Two resources are embedded in one another, but no foreign key (and no computed relationship) joins them.',
  ),
  PGRST201: entry(
    'schema',
    300,
    'Could not embed because more than one relationship was found',
    'Several foreign keys join the two. Name one of them as a hint, as the message shows.',
  ),
  PGRST202: entry(
    'schema',
    404,
    'Could not find the function in the schema cache',
    'No function of this name takes exactly these arguments.',
  ),
  PGRST203: entry(
    'schema',
    300,
    'Could not choose the best candidate function',
    'Several functions of this name take these arguments.',
  ),
  PGRST204: entry(
    'schema',
    400,
    'Could not find the column in the schema cache',
    'The body, columns= or select= names a column that the table does not have.',
  ),
  PGRST205: entry(
    'schema',
    404,
    'Could not find the table in the schema cache',
    'No table, view or foreign table of this name is served. A new table appears after its migration was applied.',
  ),

  PGRST300: entry(
    'credentials',
    500,
    'Server lacks JWT secret',
    'A token was sent, but the server has no key to verify it with.',
  ),
  PGRST301: entry(
    'credentials',
    401,
    "JWT couldn't be decoded",
    'The token is malformed, signed with another key, or of an algorithm that is not accepted.',
  ),
  PGRST302: entry(
    'credentials',
    401,
    'Anonymous access is disabled',
    'Send a token: Authorization: Bearer ….',
  ),
  PGRST303: entry(
    'credentials',
    401,
    'JWT claims are not valid',
    'The token is genuine, but expired, not yet valid, for another audience, or with claims of the wrong type.',
  ),

  PGRSTX00: entry(
    'internal',
    500,
    'Something went wrong on our side.',
    'An internal error. The server log has the cause under the request id of the answer.',
  ),
} as const satisfies Record<string, RegisteredError>;

/** A code of our own. */
export type ErrorCode = keyof typeof errorRegister;
