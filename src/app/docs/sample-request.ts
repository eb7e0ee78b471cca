import {
  type Contract,
  findRelationships,
  findResource,
  mayUse,
  usableResources,
} from '../../contract/index.ts';
import type { Column, Relation, Relationship } from '../../model/index.ts';

/** A request to begin with. */
export type SampleRequest = {
  readonly resource: string;
  /** Path and query below the API's root: `/posts?select=id,title&limit=3`. */
  readonly path: string;
};

/** The columns that the role may read. */
export const readableColumns = (contract: Contract, relation: Relation): readonly Column[] => {
  const reads = ({ grants }: Pick<Column, 'grants'>): boolean =>
    grants.some(({ grantee, privilege }) => privilege === 'SELECT' && contract.roles.has(grantee));
  const all = contract.roles.has(relation.owner) || reads(relation);
  return all ? relation.columns : relation.columns.filter(reads);
};

const isText = ({ baseType }: Column): boolean => /^(text|character varying|citext|name)\b/.test(baseType);

/** The column by which a person knows a row: the first text that is not part of a key. */
const labelOf = (contract: Contract, relation: Relation): Column | undefined =>
  readableColumns(contract, relation).find(
    (column) => isText(column) && !relation.primaryKey.includes(column.name),
  );

/** The relationships that the foreign table's name alone tells apart, to what the role may read. */
export const embeddable = (
  contract: Contract,
  relation: Relation,
): readonly (readonly [relationship: Relationship, foreign: Relation])[] => {
  const all = findRelationships(contract, relation, relation.schema);
  return all.flatMap((relationship) => {
    const { foreign } = relationship;
    const alone = all.filter((other) => other.foreign.name === foreign.name).length === 1;
    const target = alone && foreign.schema === relation.schema ? findResource(contract, foreign) : undefined;
    return target !== undefined && mayUse(contract, target, 'SELECT')
      ? [[relationship, target] as const]
      : [];
  });
};

/** Whether a name can stand in a URL as it is. */
const isPlain = (name: string): boolean => /^[a-z_][a-z0-9_]*$/i.test(name);

const isToOne = (relationship: Relationship): boolean =>
  relationship.kind === 'many-to-one' || relationship.kind === 'one-to-one';

/** `id,title,authors(name)`; undefined: best all columns. */
const sampleSelect = (contract: Contract, relation: Relation): string | undefined => {
  const label = labelOf(contract, relation);
  const readable = new Set(readableColumns(contract, relation).map(({ name }) => name));
  const own = [...relation.primaryKey, ...(label ? [label.name] : [])].filter((name) => readable.has(name));
  const [embed] = embeddable(contract, relation).flatMap(([relationship, foreign]) => {
    const shown = labelOf(contract, foreign);
    return isToOne(relationship) && shown ? [`${foreign.name}(${shown.name})`] : [];
  });
  const names = [...own, ...(embed === undefined ? [] : [embed])];
  return label !== undefined && names.every((name) => isPlain(name.replace(/[()]/g, '')))
    ? names.join(',')
    : undefined;
};

/** A request that reads some rows of a resource. */
export const sampleOf = (contract: Contract, relation: Relation): SampleRequest => {
  const select = sampleSelect(contract, relation);
  return {
    resource: relation.name,
    path: `/${encodeURIComponent(relation.name)}?${select === undefined ? '' : `select=${select}&`}limit=3`,
  };
};

/**
 * A request that shows something of the API to the contract's role: it reads from the table that has the
 * most to do with others. Undefined: the role may read nothing.
 */
export const findSample = (contract: Contract, schema: string): SampleRequest | undefined => {
  const readable = usableResources(contract, schema).filter((one) => mayUse(contract, one, 'SELECT'));
  const ranked = readable
    .map((relation) => ({ relation, related: embeddable(contract, relation).length }))
    .sort((a, b) => b.related - a.related);
  return ranked[0] === undefined ? undefined : sampleOf(contract, ranked[0].relation);
};
