import type { Json } from '../../base/index.ts';
import { describeComment, type Parameter, type Routine } from '../../model/index.ts';
import { members, someMembers, splitComment } from './members.ts';
import { elementType, formatOf, jsonType, typeMembers } from './type.ts';

/** Prints the type of a parameter. */
export type PrintType = (type: string) => string;

/** The media types that functions give. */
export const OBJECT_TYPES = [
  'application/json',
  'application/vnd.pgrst.object+json;nulls=stripped',
  'application/vnd.pgrst.object+json',
];

const argumentsSchema = (routine: Routine, print: PrintType): Json =>
  members({
    description: describeComment(routine.comment),
    required: routine.parameters.filter(({ required }) => required).map(({ name }) => name),
    properties: someMembers(
      routine.parameters.map(({ name, type }) => [name, members(typeMembers(print(type)))]),
    ),
    type: 'object',
  });

const queryParameter = ({ name, required, variadic, ...parameter }: Parameter, print: PrintType): Json => {
  const type = print(parameter.type);
  if (variadic)
    return members({
      name,
      required,
      in: 'query',
      type: jsonType(type) ?? 'string',
      collectionFormat: 'multi',
      items: members({ format: formatOf(elementType(type)), type: jsonType(elementType(type)) }),
    });
  // In a query string an array is written in Postgres' own way, and anything can be.
  const json = jsonType(type);
  return members({
    name,
    required,
    in: 'query',
    format: formatOf(type),
    type: json === undefined || json === 'array' ? 'string' : json,
  });
};

/** The path item of a routine: GET for those that change nothing, and POST. */
export const routinePath = (routine: Routine, print: PrintType): Json => {
  const { summary, description } = splitComment(describeComment(routine.comment));
  const operation = (parameters: readonly Json[]): Json =>
    members({
      tags: [`(rpc) ${routine.name}`],
      summary,
      description: description === '' ? undefined : description,
      produces: OBJECT_TYPES,
      parameters,
      responses: { 200: { description: 'OK' } },
    });
  const post = operation([
    { name: 'args', required: true, in: 'body', schema: argumentsSchema(routine, print) },
    { $ref: '#/parameters/preferParams' },
  ]);
  if (routine.volatility === 'volatile') return { post };
  return { get: operation(routine.parameters.map((parameter) => queryParameter(parameter, print))), post };
};
