import type { Header, HttpResponse } from '../http/index.ts';
import type { Relation, Routine } from '../model/index.ts';
import { PATCH_TYPES } from './payload.ts';

const allow = (methods: readonly string[], more: readonly Header[] = []): HttpResponse => {
  const headers: readonly Header[] = [
    ['Content-Length', '0'],
    ['Access-Control-Allow-Origin', '*'],
    ['Allow', methods.join(',')],
    ...more,
  ];
  return { status: 200, headers, body: undefined };
};

/** The methods of a table or view: what it can do by its nature, whoever asks. */
export const relationInfo = (relation: Relation): HttpResponse => {
  const { insertable, updatable, deletable } = relation;
  return allow([
    'OPTIONS',
    'GET',
    'HEAD',
    ...(insertable ? ['POST'] : []),
    ...(insertable && updatable && relation.primaryKey.length > 0 ? ['PUT'] : []),
    ...(updatable ? ['PATCH'] : []),
    ...(deletable ? ['DELETE'] : []),
  ]);
};

/** A function that may write cannot be called by GET. */
export const routineInfo = (routine: Routine): HttpResponse =>
  allow(routine.volatility === 'volatile' ? ['OPTIONS', 'POST'] : ['OPTIONS', 'GET', 'HEAD', 'POST']);

export const rootInfo = (): HttpResponse => allow(['OPTIONS', 'GET', 'HEAD']);

/** The methods of an item, by the nature of its table. */
export const itemInfo = ({ insertable, updatable, deletable }: Relation): HttpResponse =>
  allow(
    [
      'OPTIONS',
      'GET',
      'HEAD',
      ...(updatable ? ['PUT', 'PATCH'] : insertable ? ['PUT'] : []),
      ...(deletable ? ['DELETE'] : []),
    ],
    updatable ? [['Accept-Patch', PATCH_TYPES]] : [],
  );

/** The methods of what is related to an item. */
export const relatedInfo = (): HttpResponse => allow(['OPTIONS', 'GET', 'HEAD', 'POST']);

/** The methods of `/$batch`. */
export const batchInfo = (): HttpResponse => allow(['OPTIONS', 'POST']);
