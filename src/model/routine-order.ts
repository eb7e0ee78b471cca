import type { Parameter, Routine } from './model.ts';
import { type Compare, compareFlags, compareLists, compareText } from './ordering.ts';

const compareParameters = compareLists<Parameter>(
  (a, b) =>
    compareText(a.name, b.name) ||
    compareText(a.type, b.type) ||
    compareText(a.inputType, b.inputType) ||
    compareFlags(a.required, b.required) ||
    compareFlags(a.variadic, b.variadic),
);

const compareComments: Compare<string | null> = (a, b) => {
  if (a === null || b === null) return compareFlags(a !== null, b !== null);
  return compareText(a, b);
};

/**
 * Routines by schema and name; overloads by the number of parameters, then by comment and parameters.
 * It is the order of PostgREST, in which its clients know the candidates of PGRST203.
 */
export const compareRoutines: Compare<Routine> = (a, b) =>
  compareText(a.schema, b.schema) ||
  compareText(a.name, b.name) ||
  a.parameters.length - b.parameters.length ||
  compareComments(a.comment, b.comment) ||
  compareParameters(a.parameters, b.parameters);
