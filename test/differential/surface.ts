import { printItemKey } from '../../src/rest/item-key.ts';
import type { TestApi } from '../setup/api.ts';
import type { Who } from './guard.ts';
import { printRequest, type Request } from './request.ts';
import type { Json, Row, Table } from './schema.ts';

/** A write, as every surface can say it. */
export type Write = {
  readonly schema: string;
  readonly table: Table;
  readonly who: Who;
} & (
  | { readonly kind: 'insert' | 'merge' | 'ignore'; readonly rows: readonly Row[] }
  | { readonly kind: 'update'; readonly set: Row; readonly where: Row }
  | { readonly kind: 'delete'; readonly where: Row }
);

/** What a surface answers. */
export type SurfaceAnswer = {
  /** The rows, in their order; undefined: it has refused. */
  readonly rows: readonly Json[] | undefined;
  /** Postgres' or our code of the refusal. */
  readonly code: string | undefined;
  /** How many rows there are in all, where that was asked. */
  readonly total: number | undefined;
  /** Everything that came back, headers too: nothing that is hidden may be in it. */
  readonly text: string;
};

/**
 * A way to ask: all of them have to say what Postgres says to the same role with the same claims. A surface that
 * cannot say a request gives undefined.
 */
export type Surface = {
  readonly name: string;
  readonly read: (request: Request, who: Who) => Promise<SurfaceAnswer> | undefined;
  /** The plan of a read, where the surface shows one: it may not tell what is hidden either. */
  readonly plan?: (request: Request, who: Who) => Promise<SurfaceAnswer>;
  readonly write: (write: Write) => Promise<SurfaceAnswer> | undefined;
  readonly call?: (schema: string, routine: string, who: Who) => Promise<SurfaceAnswer>;
};

type Asked = Parameters<TestApi['ask']>[0] & object;

const headersOf = (who: Who, schema: string): { readonly [name: string]: string } => ({
  'x-role': who.role,
  'x-claims': JSON.stringify(who.claims),
  'accept-profile': schema,
  'content-profile': schema,
});

/** What came back, whatever way it went. */
type Arrived = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: unknown;
  readonly text: string;
};

type Send = (request: Asked) => Promise<Arrived>;

const toAnswer = ({ status, headers, body, text }: Arrived): SurfaceAnswer =>
  status < 400
    ? {
        rows: (body ?? []) as readonly Json[],
        code: undefined,
        total: Number(headers['content-range']?.split('/')[1]),
        text,
      }
    : { rows: undefined, code: (body as { readonly code: string }).code, total: undefined, text };

const sendAlone =
  (api: TestApi): Send =>
  async (request) => {
    const { status, headers, text } = await api.ask(request);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return { status, headers, body, text: `${text}\n${JSON.stringify(headers)}` };
  };

/** A step between others, which show nothing. */
const sendInBatch = (api: TestApi): Send => {
  const send = sendAlone(api);
  return async ({ method = 'GET', path, headers = {}, body }) => {
    const { 'x-role': role, 'x-claims': claims, ...own } = headers;
    const step = {
      method,
      path,
      headers: own,
      body: body === undefined ? undefined : JSON.parse(String(body)),
    };
    const answer = await send({
      method: 'POST',
      path: '/$batch',
      headers: { 'x-role': role, 'x-claims': claims, 'content-type': 'application/json' },
      body: JSON.stringify([step]),
    });
    if (answer.status < 400) {
      const [done] = answer.body as readonly [Omit<Arrived, 'text'>];
      return { ...done, text: answer.text };
    }
    // What is told of the step that was refused.
    const { code, details } = answer.body as { readonly code: string; readonly details: unknown };
    return { ...answer, body: code === 'ASH304' ? details : answer.body };
  };
};

/** PostgREST's dialect. */
export const restSurface = (api: TestApi): Surface => dialect('rest', api, sendAlone(api));

/** PostgREST's dialect in the steps of batches. */
export const batchSurface = (api: TestApi): Surface => dialect('batch', api, sendInBatch(api));

const planOf =
  (api: TestApi): NonNullable<Surface['plan']> =>
  async (request, who) => {
    const { status, text } = await api.ask({
      path: printRequest(request),
      headers: {
        ...headersOf(who, request.schema.name),
        accept: 'application/vnd.pgrst.plan+json; options=analyze|verbose',
      },
    });
    return { rows: status < 400 ? [] : undefined, code: undefined, total: undefined, text };
  };

const dialect = (name: string, api: TestApi, send: Send): Surface => {
  const ask = async (request: Asked): Promise<SurfaceAnswer> => toAnswer(await send(request));
  const path = (table: Table, parameters: readonly (readonly [string, string])[]): string =>
    `/${encodeURIComponent(table.name)}?${parameters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`;
  const quote = (name: string): string =>
    /^[A-Za-z_]\w*$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
  const filters = (where: Row) =>
    Object.entries(where).map(
      ([name, value]) => [quote(name), value === null ? 'is.null' : `eq.${value}`] as const,
    );
  return {
    name,
    read: (request, who) =>
      ask({
        path: printRequest(request),
        headers: {
          ...headersOf(who, request.schema.name),
          ...(request.count ? { prefer: 'count=exact' } : {}),
        },
      }),
    ...(name === 'rest' ? { plan: planOf(api) } : {}),
    write: (write) => {
      const { table, who, schema } = write;
      const headers = { ...headersOf(who, schema), 'content-type': 'application/json' };
      const back = ['select', quote('marker')] as const;
      const representation = 'return=representation';
      switch (write.kind) {
        case 'update':
          return ask({
            method: 'PATCH',
            path: path(table, [...filters(write.where), back]),
            headers: { ...headers, prefer: representation },
            body: JSON.stringify(write.set),
          });
        case 'delete':
          return ask({
            method: 'DELETE',
            path: path(table, [...filters(write.where), back]),
            headers: { ...headers, prefer: representation },
          });
        default: {
          const resolution =
            write.kind === 'insert'
              ? ''
              : `, resolution=${write.kind === 'merge' ? 'merge' : 'ignore'}-duplicates`;
          return ask({
            method: 'POST',
            path: path(table, [back]),
            headers: { ...headers, prefer: `${representation}${resolution}` },
            body: JSON.stringify(write.rows),
          });
        }
      }
    },
    call: (schema, routine, who) =>
      ask({ path: `/rpc/${routine}?select=marker`, headers: headersOf(who, schema) }),
  };
};

/** Rows by their addresses: what can be said of one row. */
export const itemSurface = (api: TestApi): Surface => {
  const send = sendAlone(api);
  const addressOf = (table: Table, row: Row): string =>
    `/${encodeURIComponent(table.name)}/${printItemKey(table.key.map((name) => String(row[name])))}`;
  /** Answers of one row as those of many: none where there is none for who asks. */
  const toRows = (arrived: Arrived, absent: readonly string[]): SurfaceAnswer => {
    const answer = toAnswer(arrived);
    if (answer.rows !== undefined) return { ...answer, rows: [arrived.body as Json], total: 1 };
    return absent.includes(answer.code as string)
      ? { ...answer, rows: [], code: undefined, total: 0 }
      : answer;
  };
  return {
    name: 'items',
    read: (request, who) => {
      const { table, where, order, limit, offset, aggregates } = request.node;
      const narrowed = where.length + order.length + aggregates.length > 0 || (limit ?? offset) !== undefined;
      if (narrowed || table.rows.length === 0) return undefined;
      const query = printRequest(request).split('?')[1];
      const readAll = async (): Promise<SurfaceAnswer> => {
        const answers: SurfaceAnswer[] = [];
        for (const row of table.rows) {
          const path = `${addressOf(table, row)}?${query}`;
          const answer = toRows(await send({ path, headers: headersOf(who, request.schema.name) }), [
            'ASH404',
          ]);
          if (answer.rows === undefined) return answer;
          answers.push(answer);
        }
        const rows = answers.flatMap((answer) => answer.rows ?? []);
        return {
          rows,
          code: undefined,
          total: rows.length,
          text: answers.map(({ text }) => text).join('\n'),
        };
      };
      return readAll();
    },
    write: (write) => {
      const { table, who, schema } = write;
      const headers = {
        ...headersOf(who, schema),
        'content-type': 'application/json',
        prefer: 'return=representation',
      };
      const isNamed = (where: Row): boolean =>
        Object.keys(where).length === table.key.length &&
        table.key.every((name) => Object.hasOwn(where, name));
      const change = async (method: string, where: Row, more: Partial<Asked>, absent: readonly string[]) =>
        toRows(
          await send({ method, path: `${addressOf(table, where)}?select=marker`, headers, ...more }),
          absent,
        );
      switch (write.kind) {
        case 'update':
          if (!isNamed(write.where)) return undefined;
          return change('PATCH', write.where, { body: JSON.stringify(write.set) }, ['ASH404', 'ASH403']);
        case 'delete':
          return isNamed(write.where) ? change('DELETE', write.where, {}, ['ASH404', 'ASH403']) : undefined;
        case 'ignore': {
          const [row, ...others] = write.rows;
          if (row === undefined || others.length > 0) return undefined;
          const body = JSON.stringify(row);
          return change('PUT', row, { body, headers: { ...headers, 'if-none-match': '*' } }, ['ASH412']);
        }
        default:
          return undefined;
      }
    },
  };
};
