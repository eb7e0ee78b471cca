import type { QualifiedName } from '../base/index.ts';

/** The key of a name in a map. Unlike a dot, U+0000 is in no name, so that no two names share a key. */
export const nameKey = ({ schema, name }: QualifiedName): string => `${schema}\u0000${name}`;
