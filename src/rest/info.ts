import type { Header, HttpResponse } from '../http/index.ts';
import type { Relation, Routine } from '../model/index.ts';

const allow = (methods: readonly string[]): HttpResponse => {
  const headers: readonly Header[] = [
    ['Content-Length', '0'],
    ['Access-Control-Allow-Origin', '*'],
    ['Allow', methods.join(',')],
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
