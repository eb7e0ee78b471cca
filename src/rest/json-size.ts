import { isExactNumber } from '../base/index.ts';

/**
 * About how many bytes a value has as JSON, without writing it; more than `most`: that many at least.
 *
 * @example measureJson({ id: 7 }, 100) // 8
 */
export const measureJson = (value: unknown, most: number): number => {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2;
  if (isExactNumber(value)) return value.rawJSON.length;
  if (typeof value !== 'object' || value === null) return String(value).length;
  let size = 1;
  const list = Array.isArray(value);
  for (const [name, item] of list ? value.entries() : Object.entries(value)) {
    size += (list ? 1 : Buffer.byteLength(name as string) + 4) + measureJson(item, most - size);
    if (size > most) return size;
  }
  return Math.max(size, 2);
};
