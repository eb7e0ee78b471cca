/** Bytes that a name can have (Postgres, "Identifiers and Key Words"): of a longer one the rest is cut off. */
const LONGEST = 63;

/** What `query` may put behind it. */
const ROOM = '_via'.length;

const sizeOf = (text: string): number => Buffer.byteLength(text);

/**
 * A name for a part of a statement, made of others: cut so that its end, which tells it from its like, is
 * not what Postgres would cut off.
 *
 * @example deriveName('films_director', '_1') // films_director_1
 */
export const deriveName = (base: string, end: string): string => {
  const most = LONGEST - ROOM - sizeOf(end);
  if (sizeOf(base) <= most) return `${base}${end}`;
  let cut = '';
  for (const character of base) {
    if (sizeOf(cut) + sizeOf(character) > most) break;
    cut += character;
  }
  return `${cut}${end}`;
};
