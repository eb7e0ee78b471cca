/** A validator of a representation (RFC 9110, section 8.8.3). */
export type EntityTag = { readonly weak: boolean; readonly text: string };

/** What `If-Match` and `If-None-Match` say: `any` is `*`. */
export type EntityTags = 'any' | readonly EntityTag[];

const TAG = /\s*(W\/)?(?:"([\x21\x23-\x7e\x80-\xff]*)"|([^\s",]+))\s*(?:,|$)/gy;

/**
 * Reads the value of `If-Match` or `If-None-Match`. A tag without its quotes is taken for one with them; what cannot
 * be read at all matches nothing.
 *
 * @example parseEntityTags('"a", W/"b"') // [{ weak: false, text: 'a' }, { weak: true, text: 'b' }]
 */
export const parseEntityTags = (value: string): EntityTags => {
  if (value.trim() === '*') return 'any';
  return [...value.matchAll(TAG)].map(([, weak, quoted, bare]) => ({
    weak: weak !== undefined,
    text: quoted ?? bare ?? '',
  }));
};

export const printEntityTag = ({ weak, text }: EntityTag): string => `${weak ? 'W/' : ''}"${text}"`;

/** Whether one of the tags is this one, weak or not (RFC 9110, section 8.8.3.2: weak comparison). */
export const matchesWeakly = (tags: EntityTags, tag: EntityTag): boolean =>
  tags === 'any' || tags.some(({ text }) => text === tag.text);

const HTTP_DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

/** Seconds since 1970 of an HTTP date (RFC 9110, section 5.6.7), in any of its three forms; undefined if it is none. */
export const parseHttpDate = (value: string): number | undefined => {
  const text = value.trim();
  if (!HTTP_DATE.test(text)) return undefined;
  const time = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time / 1000;
};

/** A time in seconds since 1970 as HTTP writes it. */
export const printHttpDate = (seconds: number): string => new Date(seconds * 1000).toUTCString();
