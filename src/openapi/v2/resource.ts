import type { Json } from '../../base/index.ts';
import { type Contract, findRelationships } from '../../contract/index.ts';
import { type Column, describeComment, type KeyRelationship, type Relation } from '../../model/index.ts';
import { readDefault } from './default.ts';
import { members, someMembers, splitComment } from './members.ts';
import { columnType, typeMembers } from './type.ts';

const isView = ({ kind }: Relation): boolean => kind === 'view' || kind === 'materialized view';

/** The foreign key of this column alone: of several the one to a table. */
const findKey = (contract: Contract, resource: Relation, column: Column): KeyRelationship | undefined => {
  const keys = findRelationships(contract, resource, resource.schema).filter(
    (item): item is KeyRelationship =>
      (item.kind === 'many-to-one' || (item.kind === 'one-to-one' && !item.isParent)) &&
      item.columns.length === 1 &&
      item.columns[0]?.[0] === column.name,
  );
  return keys.find((key) => !key.foreignIsView) ?? keys[0];
};

/** What tools of PostgREST read to find keys in the description of a column. */
const keyNotes = (contract: Contract, resource: Relation, column: Column): readonly string[] => {
  const notes = resource.primaryKey.includes(column.name) ? ['This is a Primary Key.<pk/>'] : [];
  const key = findKey(contract, resource, column);
  const target = key?.columns[0]?.[1];
  if (key === undefined || target === undefined) return notes;
  const table = key.foreign.name;
  return [
    ...notes,
    `This is a Foreign Key to \`${table}.${target}\`.<fk table='${table}' column='${target}'/>`,
  ];
};

const describeColumn = (contract: Contract, resource: Relation, column: Column): string | null => {
  const notes = keyNotes(contract, resource, column);
  const comment = describeComment(column.comment);
  if (notes.length === 0) return comment;
  const before = comment === null ? [] : [comment, ''];
  return [...before, 'Note:', ...notes].join('\n');
};

const columnSchema = (contract: Contract, resource: Relation, column: Column): Json => {
  const type = columnType(contract.index, column);
  return members({
    default: column.default === null ? undefined : readDefault(type, column.default),
    description: describeColumn(contract, resource, column),
    enum: column.enumValues,
    ...typeMembers(type),
    maxLength: column.maxLength,
  });
};

/** The definition of a resource: what one of its rows is. */
export const resourceDefinition = (contract: Contract, resource: Relation): Json =>
  members({
    description: describeComment(resource.comment),
    // What a view shows of NOT NULL says nothing of what can be left out when a row is written.
    required: isView(resource)
      ? []
      : resource.columns.filter((column) => !column.nullable).map((column) => column.name),
    properties: someMembers(
      resource.columns.map((column) => [column.name, columnSchema(contract, resource, column)]),
    ),
    type: 'object',
  });

const filterName = (resource: Relation, column: Column): string =>
  `rowFilter.${resource.name}.${column.name}`;

/** The parameters that a resource's operations share: its body, and a filter for each column. */
export const resourceParameters = (resource: Relation): readonly (readonly [string, Json])[] => {
  const { name, columns } = resource;
  const body = {
    name,
    description: name,
    required: false,
    in: 'body',
    schema: { $ref: `#/definitions/${name}` },
  };
  return [
    [`body.${name}`, body],
    ...columns.map((column): readonly [string, Json] => [
      filterName(resource, column),
      members({
        name: column.name,
        description: describeComment(column.comment),
        required: false,
        in: 'query',
        type: 'string',
      }),
    ]),
  ];
};

/** The path item of a resource: its methods. */
export const resourcePath = (resource: Relation): Json => {
  const { name, columns } = resource;
  const { summary, description } = splitComment(describeComment(resource.comment));
  const filters = columns.map((column) => filterName(resource, column));
  const operation = (parameters: readonly string[], responses: Json): Json =>
    members({
      tags: [name],
      summary,
      description: description === '' ? undefined : description,
      parameters: parameters.map((parameter) => ({ $ref: `#/parameters/${parameter}` })),
      responses,
    });

  const rows = { items: { $ref: `#/definitions/${name}` }, type: 'array' };
  const page = ['select', 'order', 'range', 'rangeUnit', 'offset', 'limit', 'preferCount'];
  const get = operation([...filters, ...page], {
    200: { description: 'OK', schema: rows },
    206: { description: 'Partial Content' },
  });
  if (!resource.insertable && !resource.updatable && !resource.deletable) return { get };
  return {
    get,
    post: operation([`body.${name}`, 'select', 'preferPost'], { 201: { description: 'Created' } }),
    delete: operation([...filters, 'preferReturn'], { 204: { description: 'No Content' } }),
    patch: operation([...filters, `body.${name}`, 'preferReturn'], { 204: { description: 'No Content' } }),
  };
};
