import { type QualifiedName, refuse } from '../base/index.ts';
import { findMediaHandler } from '../contract/index.ts';
import type { MediaHandler } from '../model/index.ts';
import { type MediaType, printMediaType } from '../request/index.ts';
import type { Explain, Guard, Output } from './plan.ts';
import type { Planner } from './planner.ts';

/** The form of an answer, and the name that it goes by. */
export type Negotiated = {
  readonly output: Output;
  readonly mediaType: string;
  readonly explain: Explain | undefined;
  readonly guards: readonly Guard[];
};

const rows: Output = { mode: 'rows', stripNulls: false };

const negotiated = (output: Output, mediaType: string, guards: readonly Guard[] = []): Negotiated => ({
  output,
  mediaType,
  explain: undefined,
  guards,
});

const SINGLE: readonly Guard[] = [{ kind: 'single' }];

/** What the type of a handler resolves to: one that takes any type makes bytes of no known type. */
const handlerType = (handler: MediaHandler): string =>
  handler.mediaType === '*/*' ? 'application/octet-stream' : handler.mediaType;

const byHandler = (handler: MediaHandler): Negotiated =>
  negotiated(
    {
      mode: 'handler',
      // A function that gives the type itself has done all there is to do.
      function: handler.routine === null ? handler.function : undefined,
      relation: handler.relation ?? undefined,
    },
    handlerType(handler),
  );

/** The types that every resource has without a handler. */
const builtIn = (name: string): Negotiated | undefined => {
  switch (name) {
    case '*/*':
    case 'application/json':
      return negotiated(rows, 'application/json');
    case 'text/csv':
      return negotiated({ mode: 'csv' }, 'text/csv');
    case 'application/geo+json':
      return negotiated({ mode: 'geojson' }, 'application/geo+json');
    default:
      return undefined;
  }
};

/** A handler of the resource's own goes before one for any rows, and both before what is built in. */
const negotiatePlain = (
  planner: Planner,
  resource: QualifiedName,
  wholeRow: boolean,
  name: string,
): Negotiated | undefined => {
  const find = (mediaType: string, relation: QualifiedName | undefined) =>
    findMediaHandler(planner.contract, mediaType, relation);
  const handler =
    (wholeRow ? (find('*/*', resource) ?? find(name, resource)) : undefined) ?? find(name, undefined);
  return handler === undefined ? builtIn(name) : byHandler(handler);
};

const negotiateOne = (
  planner: Planner,
  resource: QualifiedName,
  wholeRow: boolean,
  type: MediaType,
): Negotiated | undefined => {
  switch (type.kind) {
    case 'object':
      return negotiated({ mode: 'value', stripNulls: type.stripNulls }, printMediaType(type), SINGLE);
    case 'stripped array':
      return negotiated({ mode: 'rows', stripNulls: true }, printMediaType(type));
    case 'plan': {
      if (!planner.settings.explain) return undefined;
      const of = negotiateOne(planner, resource, wholeRow, type.of);
      return (
        of && {
          output: of.output,
          mediaType: printMediaType(type),
          explain: { format: type.format, options: type.options },
          guards: [],
        }
      );
    }
    case 'plain':
      return negotiatePlain(planner, resource, wholeRow, type.name);
  }
};

/**
 * The first acceptable type that can be made of the resource.
 *
 * @param wholeRow whether whole rows are selected, which the handlers of a resource need
 * @throws PGRST107 where there is none
 */
export const negotiate = (
  planner: Planner,
  resource: QualifiedName,
  wholeRow: boolean,
  accept: readonly MediaType[],
): Negotiated => {
  for (const type of accept) {
    const found = negotiateOne(planner, resource, wholeRow, type);
    if (found !== undefined) return found;
  }
  return refuse('PGRST107', {
    message: `None of these media types are available: ${accept.map(printMediaType).join(', ')}`,
  });
};
