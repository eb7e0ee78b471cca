import { isFieldName, isFraming, refuse } from '../base/index.ts';
import type { Answer } from '../engine/index.ts';
import { type Header, type HttpResponse, matchesWeakly, printEntityTag } from '../http/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Ask } from '../request/index.ts';
import { tagOfRows } from './collection-tag.ts';
import {
  type Asked,
  bodyOf,
  contentType,
  type Draft,
  lengthOf,
  preferenceHeaders,
  profileHeaders,
} from './draft.ts';
import { draftItem } from './draft-item.ts';
import { printItemKey } from './item-key.ts';

/** `0-14/100`, `*` where there are no rows or nobody knows (RFC 9110, section 14.4). */
export const contentRange = (first: number, last: number, total: number | undefined): Header => [
  'Content-Range',
  `${total !== 0 && first <= last ? `${first}-${last}` : '*'}/${total ?? '*'}`,
];

const pageStatus = (first: number, last: number, total: number | undefined): number => {
  if (total === undefined) return 200;
  if (first > total) return 416;
  return 1 + last - first < total ? 206 : 200;
};

const isText = (value: unknown): value is string => typeof value === 'string';

/** `response.headers`: a JSON array of objects with one key each. What frames the answer stays ours. */
const readResponseHeaders = (text: string | undefined): readonly Header[] => {
  if (text === undefined) return [];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('PGRST111');
  }
  if (!Array.isArray(json)) return refuse('PGRST111');
  return json
    .map((item): Header => {
      const entries = typeof item === 'object' && item !== null ? Object.entries(item) : [];
      const [entry] = entries;
      if (entry === undefined || entries.length !== 1 || !isText(entry[1]) || !isFieldName(entry[0]))
        return refuse('PGRST111');
      return [entry[0], entry[1]];
    })
    .filter(([name]) => !isFraming(name));
};

/** `response.status`; 1xx is not the status of an answer but of something before it (RFC 9110, section 15.2). */
const readResponseStatus = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const digits = /^\d+/.exec(text);
  const status = Number(digits?.[0]);
  return digits === null || status < 200 || status > 999 ? refuse('PGRST112') : status;
};

/** Headers that a function has set stand in for ours of the same name. */
const override = (own: readonly Header[], set: readonly Header[]): readonly Header[] => {
  if (set.length === 0) return own;
  const names = new Set(set.map(([name]) => name.toLowerCase()));
  return [...own.filter(([name]) => !names.has(name.toLowerCase())), ...set];
};

/** `299` tells of an embed that was meant by its table's name though it has an alias. */
const warningHeaders = (plan: Plan, agent: string): readonly Header[] => {
  if (plan.legacyNames.length === 0) return [];
  const changes = plan.legacyNames.map(([name, alias]) => `\`${name}\` to \`${alias}\``).join(', ');
  return [
    [
      'Warning',
      `299 ${agent} "Embedded resource was referenced by relation name even though it has an alias. This is deprecated and will stop working in a future release. Update ${changes} in query string filters, orders or limits."`,
    ],
  ];
};

const LONGEST_LOCATION = 4096;

/** An answer that shows rows, or would, were it not for HEAD. */
const draftRows = (asked: Asked, plan: Plan, answer: Answer): Draft => {
  const { ask, page } = asked;
  const { offset, limit } = page.asked;
  const { total } = answer;
  const served = Math.min(page.served.limit ?? Number.POSITIVE_INFINITY, limit ?? Number.POSITIVE_INFINITY);
  const rows =
    answer.rows ?? (total === undefined ? undefined : Math.max(0, Math.min(served, total - offset)));
  const last = offset + (rows ?? 0) - 1;
  const status = rows === undefined ? 200 : pageStatus(offset, last, total);
  const range = rows === undefined ? [] : [contentRange(offset, last, total)];
  const preferences = preferenceHeaders(plan, ask);
  if (status === 416)
    return refuse('PGRST103', {
      details: `An offset of ${offset} was requested, but there are only ${total ?? 0} rows.`,
      headers: range,
    });
  if (asked.isVoid) return { status: 204, headers: [...range, ...preferences], body: undefined };
  const query = asked.canonicalQuery === '' ? '' : `?${asked.canonicalQuery}`;
  // Clients take only so many bytes of headers, Node's 16 KiB; a long query is not worth failing for.
  const told = plan.verb === 'read' && query.length <= LONGEST_LOCATION;
  const location: readonly Header[] = told ? [['Content-Location', `${asked.location}${query}`]] : [];
  const type = contentType(plan.mediaType);
  // Conditions are for what would succeed (section 13.2.1); a status that a function has set says that itself.
  const tags = asked.tagged && !ask.headersOnly && answer.responseStatus === undefined;
  const tag = tags ? tagOfRows(answer.body, [...range, type]) : undefined;
  const known = asked.unless?.noneMatch;
  const validator: readonly Header[] = tag === undefined ? [] : [['ETag', printEntityTag(tag)]];
  if (tag !== undefined && known !== undefined && matchesWeakly(known, tag))
    return { status: 304, headers: [...location, ...validator], body: undefined };
  return {
    status,
    headers: [
      ...range,
      ...location,
      ...validator,
      ...(ask.headersOnly ? [] : lengthOf(answer)),
      type,
      ...profileHeaders(asked),
      ...preferences,
    ],
    body: ask.headersOnly ? undefined : bodyOf(answer),
  };
};

const countOf = (ask: Ask, answer: Answer): number | undefined =>
  ask.preferences.count === 'exact' || ask.preferences.count === 'estimated' ? answer.rows : undefined;

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const locationHeaders = (asked: Asked, plan: Plan, answer: Answer): readonly Header[] => {
  const { location } = answer;
  if (location === undefined || location.length === 0) return [];
  if (asked.items !== undefined && plan.location !== undefined) {
    const key = plan.location.map((name) => location.find(([column]) => column === name)?.[1] ?? '');
    return [['Location', `${asked.items}/${printItemKey(key)}`]];
  }
  const query = location
    .map(([column, value]) => `${encode(column)}=${encode(value === null ? 'is.null' : `eq.${value}`)}`)
    .join('&');
  return [['Location', `${asked.location}?${query}`]];
};

/** The answer to a write: its rows if they were asked for. */
const draftWrite = (asked: Asked, plan: Plan, answer: Answer): Draft => {
  const { ask } = asked;
  const shown = ask.preferences.return === 'representation';
  const preferences = preferenceHeaders(plan, ask);
  const rows = answer.rows ?? 0;
  const count = countOf(ask, answer);
  const representation: readonly Header[] = shown
    ? [...lengthOf(answer), contentType(plan.mediaType), ...profileHeaders(asked)]
    : [];
  const body = shown ? bodyOf(answer) : undefined;
  switch (ask.verb) {
    case 'create': {
      const merged = ask.preferences.resolution === 'merge-duplicates' && (answer.inserted ?? 0) <= 0;
      const length: readonly Header[] = shown ? [] : [['Content-Length', '0']];
      return {
        status: merged ? 200 : 201,
        headers: [
          ...locationHeaders(asked, plan, answer),
          contentRange(1, 0, count),
          ...length,
          ...representation,
          ...preferences,
        ],
        body,
      };
    }
    case 'replace':
      return {
        status: shown ? ((answer.inserted ?? 0) > 0 ? 201 : 200) : 204,
        headers: [...representation, ...preferences],
        body,
      };
    case 'update':
      return {
        status: shown ? 200 : 204,
        headers: [contentRange(0, rows - 1, count), ...representation, ...preferences],
        body,
      };
    default:
      return {
        status: shown ? 200 : 204,
        headers: [contentRange(1, 0, count), ...representation, ...preferences],
        body,
      };
  }
};

/** Postgres' plan, where it was asked for instead of the rows. */
const draftExplained = (asked: Asked, plan: Plan, answer: Answer): Draft => ({
  status: 200,
  headers: [...lengthOf(answer), contentType(plan.mediaType), ...profileHeaders(asked)],
  body: bodyOf(answer),
});

/**
 * Heads an answer: status, ranges, location, preferences, and what functions of the database have set.
 *
 * @param agent the server's name in warnings
 */
export const respond = (asked: Asked, plan: Plan, answer: Answer, agent: string): HttpResponse => {
  const draft =
    plan.explain !== undefined
      ? draftExplained(asked, plan, answer)
      : plan.guards.some(({ kind }) => kind === 'item')
        ? draftItem(asked, plan, answer)
        : plan.verb === 'write'
          ? draftWrite(asked, plan, answer)
          : draftRows(asked, plan, answer);
  const set = plan.explain === undefined ? readResponseHeaders(answer.responseHeaders) : [];
  const status = plan.explain === undefined ? readResponseStatus(answer.responseStatus) : undefined;
  return {
    status: status ?? draft.status,
    headers: override([...draft.headers, ...warningHeaders(plan, agent)], set),
    body: draft.body,
  };
};
