/** Words and digits count; the rest of a name only separates. */
const normalise = (text: string): string => `-${text.toLowerCase().replace(/[^\p{L}\p{N}, ]+/gu, '')}-`;

/** How often each run of `size` characters occurs. */
const countGrams = (text: string, size: number): Map<string, number> => {
  const padded = text.length < size ? text.padEnd(size, '-') : text;
  const grams = new Map<string, number>();
  for (let i = 0; i + size <= padded.length; i++) {
    const gram = padded.slice(i, i + size);
    grams.set(gram, (grams.get(gram) ?? 0) + 1);
  }
  return grams;
};

const norm = (grams: Map<string, number>): number => {
  let sum = 0;
  for (const count of grams.values()) sum += count * count;
  return Math.sqrt(sum);
};

const dot = (a: Map<string, number>, b: Map<string, number>): number => {
  let sum = 0;
  for (const [gram, count] of a) sum += count * (b.get(gram) ?? 0);
  return sum;
};

/** Levenshtein distance: how many characters have to be put in, taken out or changed. */
export const editDistance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
};

const similarity = (a: string, b: string): number => {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 1 : 1 - editDistance(a, b) / longest;
};

/** Edit distances cost more than gram counts, so only this many of the nearest are measured. */
const MEASURED = 50;

export type Match = { readonly score: number; readonly name: string };

/**
 * The names that look most like `wanted`, best first: candidates that share runs of three (else two)
 * characters, ranked by edit distance.
 *
 * @param minScore from 0 (anything) to 1 (the same but for case)
 * @example findSimilar('pots', ['posts', 'tags'])[0]?.name // 'posts'
 */
export const findSimilar = (wanted: string, names: Iterable<string>, minScore = 0.33): readonly Match[] => {
  const target = wanted.toLowerCase();
  const all = [...new Set(names)];
  const same = all.find((name) => name.toLowerCase() === target);
  if (same !== undefined) return [{ score: 1, name: same }];
  for (const size of [3, 2]) {
    const grams = countGrams(normalise(wanted), size);
    const length = norm(grams);
    const near: Match[] = [];
    for (const name of all) {
      const other = countGrams(normalise(name), size);
      const common = dot(grams, other);
      if (common > 0) near.push({ score: common / (length * norm(other)), name });
    }
    near.sort((a, b) => b.score - a.score);
    const ranked = near
      .slice(0, MEASURED)
      .map(({ name }) => ({ score: similarity(name.toLowerCase(), target), name }))
      .filter(({ score }) => score >= minScore)
      .sort((a, b) => b.score - a.score);
    if (ranked.length > 0) return ranked;
  }
  return [];
};
