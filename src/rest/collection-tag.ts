import { createHash } from 'node:crypto';
import type { AnswerBody } from '../engine/index.ts';
import type { EntityTag, Header } from '../http/index.ts';

/**
 * The entity tag of an answer of many rows, made of the bytes that go out and of the headers that tell their place;
 * undefined: the answer is still coming. It is weak (RFC 9110, section 8.8.1): rows in another order, which Postgres may
 * choose where the request says none, have another one.
 *
 * @example tagOfRows(answer.body, [['Content-Range', '0-1/*']]) // { weak: true, text: 'uqWglk0zIPvAxqkiFARTyFE-' }
 */
export const tagOfRows = (body: AnswerBody, told: readonly Header[]): EntityTag | undefined => {
  if (body.kind !== 'whole') return undefined;
  const hash = createHash('sha1').update(body.bytes);
  for (const [name, value] of told) hash.update(`\n${name}: ${value}`);
  return { weak: true, text: hash.digest('base64url').slice(0, 24) };
};
