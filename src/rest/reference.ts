import { randomUUID } from 'node:crypto';
import { isExactNumber, isJsonObject, parseExactJson, printExactJson, refuse } from '../base/index.ts';
import type { Condition, Query, Slot, Value } from '../request/index.ts';
import { measureJson } from './json-size.ts';
import type { Place } from './resource.ts';

/** The answer of a step, as later steps may refer to it. */
export type StepAnswer = {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: { readonly [name: string]: string };
  /** JSON with all its digits (`parseExactJson`), or text. */
  readonly body: unknown;
};

/** `0.body.id`: the number of a step, and where in its answer. */
type Reference = { readonly step: number; readonly path: readonly string[] };

const REFERENCE = /^(\d{1,3})\.(body|headers|status)((?:\.[^.{}]+)*)$/;
const IN_TEXT = /\{(\d{1,3}\.(?:body|headers|status)(?:\.[^.{}]+)*)\}/g;

const parseReference = (text: string): Reference | undefined => {
  const match = REFERENCE.exec(text);
  if (match === null) return undefined;
  const [, step, part = '', rest = ''] = match;
  return { step: Number(step), path: [part, ...rest.split('.').slice(1)] };
};

/** A step into a value; a list of one row is seen through, as collections answer with lists. */
const enter = (value: unknown, name: string): unknown => {
  if (Array.isArray(value)) {
    if (/^\d+$/.test(name)) return value[Number(name)];
    return value.length === 1 ? enter(value[0], name) : undefined;
  }
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
};

/** The text of the reference that a value of JSON is; undefined: it is none. */
const referenceIn = (value: { readonly [key: string]: unknown }): string | undefined => {
  const { $ref: text } = value;
  if (typeof text !== 'string' || Object.keys(value).length !== 1) return undefined;
  return REFERENCE.test(text) ? text : undefined;
};

/** How often each reference is there. */
type Counts = Map<string, number>;

const count = (counts: Counts, text: string): void => {
  counts.set(text, (counts.get(text) ?? 0) + 1);
};

const countInBody = (value: unknown, counts: Counts): Counts => {
  if (Array.isArray(value)) for (const item of value) countInBody(item, counts);
  else if (isJsonObject(value)) {
    const text = referenceIn(value);
    if (text !== undefined) count(counts, text);
    else for (const item of Object.values(value)) countInBody(item, counts);
  }
  return counts;
};

/**
 * The bytes that values may have which the steps of a batch refer to, each counted as often as it is filled in: a few
 * characters stand for a whole answer, and its copies for more of them from step to step.
 */
export class FillBudget {
  readonly bytes: number;
  left: number;
  /** What marks begin with that stand for values in paths. No one can guess it. */
  readonly mark = `ref${randomUUID().replaceAll('-', '')}n`;
  readonly marks = new RegExp(`${this.mark}(\\d+)x`, 'g');

  constructor(bytes: number) {
    this.bytes = bytes;
    this.left = bytes;
  }
}

/** What stands for a value where a batch is only rehearsed, so that nobody knows it. */
const standIn = (text: string): string => {
  const tag = /^(\d+)\.headers\.etag$/.exec(text);
  return tag === null ? `{${text}}` : `"{${tag[1]}_headers_etag}"`;
};

/** Whether a text stands for a value that a rehearsed batch refers to. */
export const isStandIn = (text: string): boolean =>
  text.startsWith('{') && text.endsWith('}') && REFERENCE.test(text.slice(1, -1));

/** What a step of a batch says of the answers of earlier ones. */
export class References {
  readonly #answers: readonly Promise<StepAnswer>[];
  readonly #step: number;
  readonly #budget: FillBudget;
  readonly #rehearses: boolean;
  readonly #known = new Map<string, unknown>();
  /** What marks stand for, by their numbers: in a path, a value is not to be read as part of the language. */
  readonly #printed: string[] = [];

  /**
   * @param answers those of all earlier steps
   * @param budget that of the whole batch
   * @param rehearses whether those answers tell nothing, so that what is referred to stands for itself
   */
  constructor(answers: readonly Promise<StepAnswer>[], budget: FillBudget, rehearses = false) {
    this.#rehearses = rehearses;
    this.#answers = answers;
    this.#step = answers.length;
    this.#budget = budget;
  }

  async #resolve(text: string): Promise<unknown> {
    if (this.#known.has(text)) return this.#known.get(text);
    const { step, path } = parseReference(text) as Reference;
    const answer = this.#answers[step];
    if (answer === undefined)
      return refuse('ASH303', {
        details: `Step ${this.#step} refers to ${text}, and step ${step} does not come before it. Steps are counted from 0.`,
      });
    const value = this.#rehearses ? standIn(text) : path.reduce<unknown>(enter, await answer);
    if (value === undefined)
      return refuse('ASH303', {
        details: `Step ${this.#step} refers to ${text}, and the answer of step ${step} has no such value.`,
        hint: 'A list of several rows is entered by a number: 0.body.2.id.',
      });
    this.#known.set(text, value);
    return value;
  }

  #spend(bytes: number): void {
    this.#budget.left -= bytes;
    if (this.#budget.left < 0)
      refuse('ASH302', {
        details: `The values that the steps up to ${this.#step} refer to have more than ${this.#budget.bytes} bytes.`,
        hint: 'Refer to single values (0.body.id) rather than to whole answers, or make several batches.',
      });
  }

  /**
   * A value with what it refers to in its place: an object `{"$ref": "0.body.id"}` becomes that value. Sizes are
   * counted before anything is filled in.
   *
   * @param most bytes that all values filled in may have
   * @throws ASH302, ASH303, ASH413
   */
  async inBody(value: unknown, most: number): Promise<unknown> {
    const counts = countInBody(value, new Map());
    if (counts.size === 0) return value;
    let left = most;
    for (const [text, times] of counts) {
      const bytes = times * measureJson(await this.#resolve(text), left);
      left -= bytes;
      if (left < 0)
        refuse('ASH413', { details: `With the values that it refers to, the limit is ${most} bytes.` });
      this.#spend(bytes);
    }
    return this.#fill(value);
  }

  #fill(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#fill(item));
    if (!isJsonObject(value)) return value;
    const text = referenceIn(value);
    if (text !== undefined) return this.#known.get(text);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#fill(item)]));
  }

  /**
   * A path with a mark for each value that it refers to; `inValue` gives the values once the path has been read.
   *
   * @param most bytes that the path may have, before and after values are filled in
   * @throws ASH302, ASH303, ASH414
   */
  async inPath(path: string, most: number): Promise<string> {
    let length = Buffer.byteLength(path);
    const refuseLong = (): never => refuse('ASH414', { details: `The limit is ${most} bytes.` });
    if (length > most) refuseLong();
    const counts: Counts = new Map();
    for (const [, text = ''] of path.matchAll(IN_TEXT)) count(counts, text);
    if (counts.size === 0) return path;
    const marks = new Map<string, string>();
    for (const [text, times] of counts) {
      const value = await this.#resolve(text);
      if (measureJson(value, most) > most) refuseLong();
      const printed = printInPath(text, value);
      const bytes = times * Buffer.byteLength(printed);
      length += bytes - times * `{${text}}`.length;
      if (length > most) refuseLong();
      this.#spend(bytes);
      marks.set(text, `${this.#budget.mark}${this.#printed.length}x`);
      this.#printed.push(printed);
    }
    return path.replace(IN_TEXT, (_whole, text: string) => marks.get(text) ?? '');
  }

  /** A literal of the path, with the values that its marks stand for. */
  inValue = (text: string): string => this.#fillMarks(text, (value) => value);

  /**
   * A pattern of LIKE, in which values stand for nothing but themselves.
   *
   * @throws ASH303 for a value with `*`, which stands for any characters there and has no escape
   */
  inPattern = (text: string): string =>
    this.#fillMarks(text, (value) =>
      value.includes('*') ? this.refuseStructure() : value.replace(/[\\%_]/g, '\\$&'),
    );

  #fillMarks(text: string, print: (value: string) => string): string {
    if (!this.isIn(text)) return text;
    return text.replace(this.#budget.marks, (_mark, n: string) => print(this.#printed[Number(n)] ?? ''));
  }

  /**
   * A literal of a filter. Postgres reads structure in those of arrays, ranges, rows and JSON, in which a value could
   * become more than one: there it is the whole literal or has no place.
   *
   * @throws ASH303
   */
  inLiteral = (text: string): string => {
    if (this.isIn(text) && STRUCTURE.test(text.replace(this.#budget.marks, ''))) this.refuseStructure();
    return this.inValue(text);
  };

  /** @throws ASH303 */
  refuseStructure(): never {
    return refuse('ASH303', {
      details: `Step ${this.#step} refers to a value within a list, a range, a pattern or JSON in its path, where it could be read as more than a value.`,
      hint: 'Let the reference be the whole value of a filter such as eq, or an element of in.(…), or give it to a function in a body.',
    });
  }

  /**
   * Refuses a body that is nothing but a reference, where the batch is rehearsed: its columns are not known.
   *
   * @throws ASH303
   */
  requireColumns(body: unknown): void {
    if (this.#rehearses && isJsonObject(body) && referenceIn(body) !== undefined)
      refuse('ASH303', {
        details: `What step ${this.#step} writes, and so its statement, is only known when the batch runs.`,
      });
  }

  /** Whether a text has a mark: where there are only names, a value has no place. */
  isIn(text: string): boolean {
    return this.#printed.length > 0 && text.includes(this.#budget.mark);
  }
}

const STRUCTURE = /[{}[\]()",\\]/;

const printInPath = (text: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && !isExactNumber(value))
    return refuse('ASH303', {
      details: `${text} is ${value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object'}, which cannot stand in a path.`,
    });
  return printExactJson(value) ?? '';
};

/** A place with the values that a step refers to. Only the key has values. */
export const fillPlace = (place: Place, references: References): Place => {
  const names = [
    ...('name' in place ? [place.name] : []),
    ...(place.kind === 'related' ? [place.relation, place.hint ?? ''] : []),
  ];
  if (names.some((name) => references.isIn(name))) return refuseNames();
  return 'key' in place ? { ...place, key: place.key.map(references.inValue) } : place;
};

/** A query with the values that a step refers to: only its literals can be values. */
export const fillQuery = (query: Query, references: References): Query => {
  if (references.isIn(query.shape)) return refuseNames();
  const filters = [...query.filters, ...query.undecided.flatMap(({ filter }) => filter ?? [])];
  const conditions = [...filters, ...query.logic].map(({ said }) => said);
  for (const slot of conditions.flatMap(structuredSlots))
    if (references.isIn(String(query.values[slot] ?? ''))) references.refuseStructure();
  const patterns = new Set(conditions.flatMap(patternSlots));
  const fill = (value: Value, slot: number): Value =>
    typeof value === 'string' && patterns.has(slot)
      ? references.inPattern(value)
      : fillValue(value, references);
  return { ...query, values: query.values.map(fill) };
};

const fillValue = (value: Value, references: References): Value => {
  if (typeof value === 'string') return references.inLiteral(value);
  const filled = value.map(references.inLiteral);
  // A list of one empty text is no list (`in.()`); twice the same is a list of that text.
  return filled.length === 1 && filled[0] === '' && value[0] !== '' ? ['', ''] : filled;
};

/** The literals that are patterns of LIKE, in which a value can be told by escapes. */
const patternSlots = (condition: Condition): readonly Slot[] => {
  if (condition.kind === 'logic') return condition.terms.flatMap(patternSlots);
  const { operation } = condition;
  return operation.kind === 'compare' && LIKE.has(operation.operator) ? [operation.value] : [];
};

const LIKE: ReadonlySet<string> = new Set(['like', 'ilike']);

/** The literals that are read as more than a value, even where nothing stands around: lists, patterns, searches. */
const structuredSlots = (condition: Condition): readonly Slot[] => {
  if (condition.kind === 'logic') return condition.terms.flatMap(structuredSlots);
  const { operation } = condition;
  switch (operation.kind) {
    case 'compare':
      return operation.quantifier !== undefined || PATTERNS.has(operation.operator) ? [operation.value] : [];
    case 'search':
      return operation.operator === 'fts' ? [operation.value] : [];
    default:
      return [];
  }
};

/** Patterns in which nearly every character may mean something (POSIX Regular Expressions). */
const PATTERNS: ReadonlySet<string> = new Set(['match', 'imatch']);

const refuseNames = (): never =>
  refuse('ASH303', {
    details:
      'A reference stands for a value: of a key, or in a filter. Names of tables, columns and functions are written out.',
  });

/** Which steps are referred to in a text of JSON. */
export const listReferences = (text: string): ReadonlySet<number> =>
  new Set([...text.matchAll(/(?:\{|"\$ref"\s*:\s*")(\d{1,3})\.body\b/g)].map(([, step]) => Number(step)));

/** Whether a media type is that of JSON, and not of something like `application/json-seq`. */
export const isJsonType = (type: string | undefined): boolean => /^[^;]*[/+]json\s*(?:;|$)/i.test(type ?? '');

/** The body of an answer, for those who refer to it. */
export const readStepBody = (type: string | undefined, body: Buffer | undefined): unknown => {
  if (body === undefined || body.length === 0) return null;
  const text = body.toString('utf8');
  return isJsonType(type) ? parseExactJson(text) : text;
};
