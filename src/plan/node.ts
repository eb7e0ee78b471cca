import type {
  Condition,
  OrderTerm,
  Query,
  Scoped,
  SelectEmbed,
  SelectField,
  SelectNode,
  Slot,
} from '../request/index.ts';
import { refuseNotEmbedded, refuseTargetName } from './refusals.ts';

/**
 * One resource of the request with all that the query string says of it: the target, or an embed
 * somewhere below. Filters, orders and pages have found their place here, nothing is resolved yet.
 */
export type RequestNode = {
  /** Undefined for the target. */
  readonly embed: SelectEmbed | undefined;
  readonly fields: readonly SelectField[];
  readonly children: readonly RequestNode[];
  conditions: Condition[];
  order: readonly OrderTerm[] | undefined;
  limit: Slot | undefined;
  offset: Slot | undefined;
  /** It was meant by its table's name though it has an alias. */
  legacyNamed: boolean;
};

/** Which parts of a query belong to the rows that are read. */
export type ReadScope = {
  /** A write has its own filters on the target; the rows it gives back are not filtered again. */
  readonly targetFilters: boolean;
  readonly pages: boolean;
};

const makeNode = (select: readonly SelectNode[], embed: SelectEmbed | undefined): RequestNode => ({
  embed,
  fields: select.filter((item): item is SelectField => item.kind === 'field'),
  children: select
    .filter((item): item is SelectEmbed => item.kind === 'embed')
    .map((item) => makeNode(item.select, item)),
  conditions: [],
  order: undefined,
  limit: undefined,
  offset: undefined,
  legacyNamed: false,
});

/** The name by which a request means an embed. */
export const embedName = (embed: SelectEmbed): string => embed.alias ?? embed.relation;

const findChild = (node: RequestNode, name: string, legacy: boolean): RequestNode | undefined =>
  node.children.find(
    ({ embed }) => embed !== undefined && (embedName(embed) === name || (legacy && embed.relation === name)),
  );

const followPath = (root: RequestNode, path: readonly string[], legacy: boolean): RequestNode => {
  let node = root;
  for (const name of path) {
    const child = findChild(node, name, legacy);
    if (child === undefined) {
      const aliased = findChild(node, name, true)?.embed?.alias;
      return aliased === undefined ? refuseNotEmbedded(name) : refuseTargetName(name, aliased);
    }
    const alias = child.embed?.alias;
    if (alias !== undefined && alias !== name) child.legacyNamed = true;
    node = child;
  }
  return node;
};

/**
 * Puts everything that the query says to the resource that it says it of.
 *
 * @throws PGRST108 where a path leads to nothing that is embedded
 */
export const buildNodes = (query: Query, scope: ReadScope, legacy: boolean): RequestNode => {
  const root = makeNode(query.select, undefined);
  const place = <T>(scoped: readonly Scoped<T>[], put: (node: RequestNode, said: T) => void): void => {
    for (const { path, said } of scoped)
      if (path.length > 0 || scope.targetFilters) put(followPath(root, path, legacy), said);
  };
  place<Condition>(query.filters, (node, filter) => node.conditions.push(filter));
  for (const { path, said } of query.order) followPath(root, path, legacy).order ??= said;
  if (scope.pages) {
    for (const { path, said } of query.limits) followPath(root, path, legacy).limit = said;
    for (const { path, said } of query.offsets) followPath(root, path, legacy).offset = said;
  }
  place<Condition>(query.logic, (node, logic) => node.conditions.push(logic));
  return root;
};

/** The embeds, anywhere in the request, that were meant by their table's name though they have an alias. */
export const listLegacyNames = (node: RequestNode): readonly (readonly [string, string])[] => {
  const own: readonly (readonly [string, string])[] =
    node.legacyNamed && node.embed?.alias !== undefined ? [[node.embed.relation, node.embed.alias]] : [];
  return [...own, ...node.children.flatMap(listLegacyNames)];
};
