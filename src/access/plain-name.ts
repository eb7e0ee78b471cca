import type { QualifiedName } from '../base/index.ts';
import { quoteIdent } from '../sql/index.ts';

/** An identifier as a person would write it: quoted only where it has to be. */
export const plainIdent = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdent(name);

/** A qualified name as a person would write it. */
export const plainName = ({ schema, name }: QualifiedName): string =>
  `${plainIdent(schema)}.${plainIdent(name)}`;
