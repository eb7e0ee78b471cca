import {
  isExactNumber,
  isJsonObject,
  isSameNumber,
  type JsonObject,
  printExactJson,
  refuse,
} from '../base/index.ts';

const MOST_OPERATIONS = 1000;
/** Of arrays and objects, as in a body. */
const MOST_LEVELS = 100;

/** Why an operation cannot be done. */
class Unfit extends Error {}

const fail = (why: string): never => {
  throw new Unfit(why);
};

const refuseSize = (details: string): never => refuse('ASH104', { details });

/** A member, whatever it is called: `__proto__` is a name like any other. */
export const setMember = (object: JsonObject, name: string, value: unknown): void => {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
};

/** The names on the way to a value (RFC 6901, sections 3 and 4). */
const readPointer = (pointer: string): readonly string[] => {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return fail('no JSON Pointer (RFC 6901)');
  const names = pointer.slice(1).split('/');
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
};

/** @param most the last place there may be */
const indexOf = (name: string, most: number): number => {
  const index = /^(?:0|[1-9]\d*)$/.test(name) ? Number(name) : Number.POSITIVE_INFINITY;
  return index <= most ? index : fail(`the array has no place ${JSON.stringify(name)}`);
};

/** Only what an array or object holds itself is there: nothing is inherited, and an array has no length. */
const enter = (parent: unknown, name: string): unknown => {
  if (Array.isArray(parent)) return parent[indexOf(name, parent.length - 1)];
  if (isJsonObject(parent) && Object.hasOwn(parent, name)) return parent[name];
  return fail(`nothing is called ${JSON.stringify(name)}`);
};

const isNumber = (value: unknown) => typeof value === 'number' || isExactNumber(value);

/** A document to which the operations of RFC 6902 are done. It is changed; values that are put in are copied. */
class Patching {
  document: unknown;
  #left: number;

  /** @param budget characters of JSON that may be put in and looked through */
  constructor(document: unknown, budget: number) {
    this.document = document;
    this.#left = budget;
  }

  /** Counts before it is done: copies of copies grow without end. */
  #spend(characters: number): void {
    this.#left -= characters;
    if (this.#left < 0)
      refuseSize(
        'What the operations put in, copied or not, is larger than the row and the patch by too much.',
      );
  }

  /** @param level how many arrays and objects the copy will be in */
  #copy(value: unknown, level: number): unknown {
    if (typeof value === 'string') this.#spend(value.length + 2);
    else if (isExactNumber(value)) this.#spend(value.rawJSON.length);
    else if (typeof value !== 'object' || value === null) this.#spend(String(value).length);
    else {
      this.#spend(1);
      if (level >= MOST_LEVELS)
        refuseSize(`The arrays and objects of the row would nest deeper than ${MOST_LEVELS} levels.`);
      if (Array.isArray(value)) {
        const list: unknown[] = [];
        for (const item of value) {
          this.#spend(1);
          list.push(this.#copy(item, level + 1));
        }
        return list;
      }
      const object: JsonObject = {};
      for (const [name, member] of Object.entries(value)) {
        this.#spend(name.length + 4);
        setMember(object, name, this.#copy(member, level + 1));
      }
      return object;
    }
    return value;
  }

  get(names: readonly string[]): unknown {
    return names.reduce(enter, this.document);
  }

  /** @param insert whether the value is new there: in an array it moves those behind it */
  put(names: readonly string[], value: unknown, insert: boolean): void {
    const name = names.at(-1);
    if (name === undefined) {
      this.document = this.#copy(value, 0);
      return;
    }
    const parent = this.get(names.slice(0, -1));
    if (!insert) enter(parent, name);
    if (Array.isArray(parent)) {
      const index = insert && name === '-' ? parent.length : indexOf(name, parent.length);
      parent.splice(index, insert ? 0 : 1, this.#copy(value, names.length));
    } else if (isJsonObject(parent)) setMember(parent, name, this.#copy(value, names.length));
    else fail('there is no array or object that could hold it');
  }

  remove(names: readonly string[]): void {
    const name = names.at(-1) ?? fail('a row is removed by DELETE');
    const parent = this.get(names.slice(0, -1));
    enter(parent, name);
    if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else delete (parent as JsonObject)[name];
  }

  /** Equality as in RFC 6902, section 4.6. */
  isSame(actual: unknown, expected: unknown): boolean {
    if (isNumber(actual) && isNumber(expected)) {
      if (isExactNumber(actual)) this.#spend(actual.rawJSON.length);
      return isSameNumber(actual as number, expected as number);
    }
    if (Array.isArray(actual))
      return (
        Array.isArray(expected) &&
        actual.length === expected.length &&
        actual.every((item, place) => this.isSame(item, expected[place]))
      );
    if (!isJsonObject(actual) || !isJsonObject(expected)) return actual === expected;
    const names = Object.keys(actual);
    this.#spend(names.length);
    return (
      names.length === Object.keys(expected).length &&
      names.every((name) => Object.hasOwn(expected, name) && this.isSame(actual[name], expected[name]))
    );
  }

  /** Whether the value at a place is that one. What is not there is none. */
  test(names: readonly string[], expected: unknown): boolean {
    try {
      return this.isSame(this.get(names), expected);
    } catch (error) {
      if (error instanceof Unfit) return false;
      throw error;
    }
  }
}

/** @returns false where it is a test that fails */
const perform = (patching: Patching, operation: unknown): boolean => {
  if (!isJsonObject(operation)) return fail('no object');
  const { op, path, from, value } = operation;
  if (typeof op !== 'string' || typeof path !== 'string') return fail('it has no op and path');
  const names = readPointer(path);
  if (['add', 'replace', 'test'].includes(op) && !Object.hasOwn(operation, 'value'))
    return fail('it has no value');
  const source = op === 'move' || op === 'copy' ? from : '';
  if (typeof source !== 'string') return fail('it has no from');
  const origin = readPointer(source);
  switch (op) {
    case 'add':
      patching.put(names, value, true);
      return true;
    case 'replace':
      patching.put(names, value, false);
      return true;
    case 'remove':
      patching.remove(names);
      return true;
    case 'copy':
      patching.put(names, patching.get(origin), true);
      return true;
    case 'move': {
      const moved = patching.get(origin);
      if (path === source) return true;
      if (path.startsWith(`${source}/`)) return fail('nothing is moved into itself');
      patching.remove(origin);
      patching.put(names, moved, true);
      return true;
    }
    case 'test':
      return patching.test(names, value);
    default:
      return fail('there is no such op');
  }
};

/** What is told of an operation; it may be as long as a body. */
const describe = (operation: unknown, place: number): string => {
  const printed = printExactJson(operation) ?? '';
  return `Operation ${place} of the patch, ${printed.length > 200 ? `${printed.slice(0, 200)}…` : printed}`;
};

/**
 * Does the operations of a JSON Patch (RFC 6902) to a document, all or none.
 *
 * @param document of `parseExactJson`. It is changed, also where an operation is refused
 * @param budget how many characters of JSON may be put in
 * @returns the document as it is then
 * @throws ASH102 for what are no operations or do not fit, ASH103 where a test fails, ASH104 for too many or too much
 * @example applyOperations({ a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], 100) // { a: [1, 2] }
 */
export const applyOperations = (document: unknown, operations: unknown, budget: number): unknown => {
  if (!Array.isArray(operations))
    return refuse('ASH102', { details: 'A JSON Patch is an array of operations (RFC 6902).' });
  if (operations.length > MOST_OPERATIONS)
    return refuseSize(`A patch has at most ${MOST_OPERATIONS} operations, this one ${operations.length}.`);
  const patching = new Patching(document, budget);
  for (const [place, operation] of operations.entries()) {
    try {
      if (perform(patching, operation)) continue;
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      return refuse('ASH102', { details: `${describe(operation, place)}: ${error.message.slice(0, 200)}.` });
    }
    return refuse('ASH103', { details: `${describe(operation, place)}: it is not so.` });
  }
  return patching.document;
};
