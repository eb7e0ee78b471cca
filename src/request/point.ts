import type { Span } from './tree.ts';

/** Where the picture gets too wide to be read, it shows this much on either side. */
const CONTEXT = 40;

/**
 * Draws a part of a parameter: its text in one line, carets under the part in the next.
 * `text` is the parameter's decoded value, as `readParameters` gives it.
 *
 * @example
 * pointAt('id,nme', { parameter: 'select', start: 3, end: 6 })
 * // select=id,nme
 * //           ^^^
 */
export const pointAt = (text: string, span: Span): string => {
  const from = Math.max(0, span.start - CONTEXT);
  const to = Math.min(text.length, span.end + CONTEXT);
  const before = `${span.parameter}=${from > 0 ? '…' : ''}${text.slice(from, span.start)}`;
  const part = text.slice(span.start, span.end);
  const after = `${text.slice(span.end, to)}${to < text.length ? '…' : ''}`;
  const line = flatten(before + part + after);
  return `${line}\n${' '.repeat(width(before))}${'^'.repeat(Math.max(1, width(part)))}`;
};

/** A line break or a tab would tear the picture apart. */
const flatten = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '·');

const width = (text: string): number => Array.from(text).length;
