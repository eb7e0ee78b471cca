import { printName, type QualifiedName, sameName } from '../base/index.ts';
import { readDirectives } from '../model/index.ts';
import type { Embed, ReadPlan } from './plan.ts';
import type { Planner } from './planner.ts';

const relationsOf = ({ relationship, read }: Embed): readonly QualifiedName[] => [
  relationship.foreign,
  ...(relationship.kind === 'many-to-many' ? [relationship.junction.relation] : []),
  ...read.embeds.flatMap(relationsOf),
];

/** What the comment of a table says, where that can be the value of a header. */
const saidInComment = ({ contract }: Planner, name: QualifiedName): string | undefined => {
  const relation = contract.index.model.relations.find((known) => sameName(known, name));
  const said = readDirectives(relation?.comment ?? null).get('cache');
  return said !== undefined && /^[!-~][ -~]*$/.test(said) ? said : undefined;
};

/**
 * How long the answer to somebody unknown may be kept by caches, as is said of the tables that it is made of: by the
 * settings, or else by their comments (`@cache public, max-age=60`). Undefined where nothing is said of one of them, or
 * not the same of all.
 */
export const planCache = (
  planner: Planner,
  tables: readonly QualifiedName[],
  read: ReadPlan,
): string | undefined => {
  const { cache } = planner.settings;
  const said = [...tables, ...read.embeds.flatMap(relationsOf)].map(
    (name) => cache?.get(printName(name)) ?? saidInComment(planner, name),
  );
  return said.every((one) => one === said[0]) ? said[0] : undefined;
};
