import { isFieldName, isFraming, type Json, type Problem, problem, Refusal } from '../base/index.ts';
import { type ConnectionError, isConnectionError, isPgError, type PgError } from '../db/index.ts';
import { InvalidName } from '../sql/index.ts';

/**
 * HTTP statuses of SQLSTATEs, the longest prefix first (PostgREST, "HTTP Status Codes"). All others
 * are the client's: 400.
 */
const STATUSES: readonly (readonly [prefix: string, status: number])[] = [
  ['23503', 409],
  ['23505', 409],
  ['25006', 405],
  ['42883', 404],
  ['42P01', 404],
  ['42P17', 500],
  ['53400', 500],
  ['57P01', 503],
  ['P0001', 400],
  ['08', 503],
  ['09', 500],
  ['0L', 403],
  ['0P', 403],
  ['21000', 500],
  ['25', 500],
  ['28', 403],
  ['2D', 500],
  ['38', 500],
  ['39', 500],
  ['3B', 500],
  ['40', 500],
  ['53', 503],
  ['54', 500],
  ['55', 500],
  ['57', 500],
  ['58', 500],
  ['F0', 500],
  ['HV', 500],
  ['P0', 500],
  ['XX', 500],
];

const isMissingRole = (error: PgError): boolean =>
  error.message.startsWith('role') && error.message.endsWith('does not exist');

/** 1xx does not end an answer, so a client would wait for another. */
const isFinalStatus = (status: number): boolean => Number.isInteger(status) && status >= 200 && status <= 999;

const statusOf = (error: PgError, anonymous: boolean): number => {
  const { code, message } = error;
  if (code === '42501') return anonymous ? 401 : 403;
  if (code === '22023') return isMissingRole(error) ? 401 : 400;
  if (code === '21000' && message.endsWith('requires a WHERE clause')) return 400;
  if (code === '42883' && message.startsWith('function xmlagg(')) return 406;
  if (code.startsWith('PT')) {
    const status = Number(code.slice(2));
    return isFinalStatus(status) ? status : 500;
  }
  return STATUSES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 400;
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const optionalText = (value: unknown): value is string | null | undefined =>
  value === undefined || value === null || typeof value === 'string';

const isHeaderMap = (value: unknown): value is { readonly [name: string]: string } =>
  isObject(value) &&
  Object.entries(value).every(([name, item]) => isFieldName(name) && typeof item === 'string');

const MESSAGE_HINT =
  "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'.";
const DETAIL_HINT =
  "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key: 'status_text'.";

/**
 * `RAISE SQLSTATE 'PGRST'`: the function writes the whole answer itself, the body as MESSAGE and
 * status and headers as DETAIL (PostgREST, "RAISE errors with HTTP Status Codes").
 */
const raisedProblem = (error: PgError): Problem => {
  const message = readJson(error.message);
  if (
    !isObject(message) ||
    typeof message.code !== 'string' ||
    typeof message.message !== 'string' ||
    !optionalText(message.details) ||
    !optionalText(message.hint)
  )
    return problem('PGRST121', {
      details: `Invalid JSON value for MESSAGE: '${error.message}'`,
      hint: MESSAGE_HINT,
    });
  if (error.detail === undefined)
    return problem('PGRST121', { details: 'DETAIL is missing in the RAISE statement', hint: DETAIL_HINT });
  const detail = readJson(error.detail);
  if (
    !isObject(detail) ||
    typeof detail.status !== 'number' ||
    !isFinalStatus(detail.status) ||
    !optionalText(detail.status_text) ||
    !isHeaderMap(detail.headers)
  )
    return problem('PGRST121', {
      details: `Invalid JSON value for DETAIL: '${error.detail}'`,
      hint: DETAIL_HINT,
    });
  return {
    code: message.code,
    status: detail.status,
    ...(typeof detail.status_text === 'string' ? { statusText: detail.status_text } : {}),
    message: message.message,
    details: (message.details ?? null) as Json,
    hint: (message.hint ?? null) as Json,
    headers: Object.entries(detail.headers).filter(([name]) => !isFraming(name)),
  };
};

const QUERY_CANCELED = '57014';

/** Postgres does not say whose limit it was, nor what to do about it. */
const canceledProblem = ({ code, message, detail, hint }: PgError): Problem => ({
  code,
  status: 500,
  message,
  details: detail ?? null,
  hint:
    hint ??
    "It took longer than the role's statement_timeout. Ask for less at once (select, limit), see with EXPLAIN whether an index is missing, or give the role more time: alter role … set statement_timeout = '30s'.",
});

const pgProblem = (error: PgError, anonymous: boolean): Problem => {
  if (error.code === 'PGRST') return raisedProblem(error);
  if (error.code === QUERY_CANCELED) return canceledProblem(error);
  const status = statusOf(error, anonymous);
  return {
    code: error.code,
    status,
    ...(error.code.startsWith('PT') ? { statusText: error.message } : {}),
    message: error.message,
    details: error.detail ?? null,
    hint: error.hint ?? null,
    ...(status === 401 ? { headers: [['WWW-Authenticate', 'Bearer']] as const } : {}),
  };
};

const connectionProblem = (error: ConnectionError): Problem => {
  switch (error.kind) {
    case 'acquire-timeout':
      return problem('PGRST003');
    case 'lost':
      return problem('PGRST001', {
        details: 'The connection to the database broke before the answer came.',
        hint: 'If the request was to change something, that may or may not have been done: read before you repeat it. A read can be repeated at once.',
      });
    case 'bad-parameter':
      return {
        code: '22021',
        status: 400,
        message: 'invalid byte sequence for encoding "UTF8": 0x00',
        details: null,
        hint: 'Text in Postgres cannot hold the character NUL: leave it out of the value.',
      };
    default:
      return problem('PGRST000');
  }
};

/** An alias or a key that cannot be the name of a column (SQLSTATE: invalid_name). */
const nameProblem = ({ message }: InvalidName): Problem => ({
  code: '42602',
  status: 400,
  message,
  details: null,
  hint: 'A name has at least one character, and no NUL.',
});

/**
 * What the client is told of an error: Postgres' own words for what Postgres reported, a registered
 * problem for a refusal or a broken connection; undefined for anything else, which is a bug of ours.
 *
 * @param anonymous whether the caller has shown no credentials: then what is forbidden is 401, not 403
 */
export const problemOf = (error: unknown, anonymous: boolean): Problem | undefined => {
  if (error instanceof Refusal) return error.problem;
  if (isPgError(error)) return pgProblem(error, anonymous);
  if (isConnectionError(error)) return connectionProblem(error);
  if (error instanceof InvalidName) return nameProblem(error);
  return undefined;
};
