const printElement = (element: string): string =>
  element.includes('"') || element.includes('\\') ? `"${element.replace(/[\\"]/g, '\\$&')}"` : `"${element}"`;

/**
 * The text of a one-dimensional array, as Postgres reads it ("Array Value Input"): every element quoted.
 *
 * @example printArray(['a', 'b"c']) // {"a","b\"c"}
 */
export const printArray = (elements: readonly string[]): string =>
  `{${elements.map(printElement).join(',')}}`;

/** The list of `in.(…)`; `in.()` is one empty element and means none. */
export const printList = (elements: readonly string[]): string =>
  elements.length === 1 && elements[0] === '' ? '{}' : printArray(elements);
