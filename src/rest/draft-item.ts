import { createHash } from 'node:crypto';
import { refuse } from '../base/index.ts';
import type { Answer } from '../engine/index.ts';
import { type Header, printEntityTag, printHttpDate } from '../http/index.ts';
import type { Plan } from '../plan/index.ts';
import { judgeRead } from './conditions.ts';
import {
  type Asked,
  bodyOf,
  contentType,
  type Draft,
  lengthOf,
  preferenceHeaders,
  profileHeaders,
} from './draft.ts';

/** What tells forms of one version from each other: 60 bits are many, for the few that there are. */
const formOf = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('base64url').slice(0, 10);

/**
 * The entity tag of an answer about one row: its version, and behind a dot what else is shown, such as embedded rows
 * or another media type, so that the tag changes with every byte of the answer (RFC 9110, section 8.8.1).
 */
const tagOf = (plan: Plan, answer: Answer): string | undefined => {
  const { version, body } = answer;
  if (version === undefined || plan.plain === true || body.kind !== 'whole' || body.bytes.length === 0)
    return version;
  return `${version}.${formOf(body.bytes)}`;
};

const validators = (tag: string | undefined, modified: number | undefined): readonly Header[] => [
  ...(tag === undefined ? [] : [['ETag', printEntityTag({ weak: false, text: tag })] as const]),
  ...(modified === undefined ? [] : [['Last-Modified', printHttpDate(modified)] as const]),
];

const draftRead = (asked: Asked, plan: Plan, answer: Answer): Draft => {
  const { ask, unless } = asked;
  const tag = tagOf(plan, answer);
  const told = validators(tag, answer.modified);
  // Conditions are for what would succeed (RFC 9110, section 13.2.1); a status that a function has set says that itself.
  const judged = unless !== undefined && answer.responseStatus === undefined;
  const verdict = judged ? judgeRead(unless, tag, answer.modified) : 'wanted';
  if (verdict === 'failed') return refuse('ASH412');
  const query = asked.canonicalQuery === '' ? '' : `?${asked.canonicalQuery}`;
  const location: Header = ['Content-Location', `${asked.location}${query}`];
  if (verdict === 'not modified') return { status: 304, headers: [location, ...told], body: undefined };
  return {
    status: 200,
    headers: [
      location,
      ...lengthOf(answer),
      contentType(plan.mediaType),
      ...told,
      ...profileHeaders(asked),
      ...preferenceHeaders(plan, ask),
    ],
    body: ask.headersOnly ? undefined : bodyOf(answer),
  };
};

const draftWrite = (asked: Asked, plan: Plan, answer: Answer): Draft => {
  const { ask } = asked;
  const shown = ask.preferences.return === 'representation';
  const created = ask.verb === 'replace' && (answer.inserted ?? 0) > 0;
  // What a client has PUT is not byte by byte what is there now, so only what is shown has a tag (section 9.3.4).
  const tagged = ask.verb !== 'delete' && (shown || ask.verb === 'update');
  const told = tagged ? validators(tagOf(plan, answer), answer.modified) : [];
  const representation: readonly Header[] = shown
    ? [
        ...(ask.verb === 'delete' ? [] : [['Content-Location', asked.location] as const]),
        ...lengthOf(answer),
        contentType(plan.mediaType),
        ...profileHeaders(asked),
      ]
    : created
      ? [['Content-Length', '0']]
      : [];
  return {
    status: created ? 201 : shown ? 200 : 204,
    headers: [...representation, ...told, ...preferenceHeaders(plan, ask)],
    body: shown ? bodyOf(answer) : undefined,
  };
};

/** The answer about one row. */
export const draftItem = (asked: Asked, plan: Plan, answer: Answer): Draft =>
  plan.verb === 'write' ? draftWrite(asked, plan, answer) : draftRead(asked, plan, answer);
