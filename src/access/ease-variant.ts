import type { Variant } from './variants.ts';

/**
 * Variants that ask for less, where a check has refused one: without what that check looks at, with only one of
 * its columns set (of those of which just one may be), without each.
 *
 * @param columns what the check looks at, as far as it may be chosen
 * @param plain a value for a column that has no particular one
 */
export const easeVariant = (
  variant: Variant,
  columns: readonly string[],
  plain: (column: string) => Variant[string] | undefined,
): readonly Variant[] => {
  const without = (names: readonly string[]): Variant =>
    Object.fromEntries(Object.entries(variant).filter(([name]) => !names.includes(name)));
  const rest = without(columns);
  const alone = (column: string): readonly Variant[] => {
    const values = [variant[column], plain(column)].filter((value) => value !== undefined && value !== null);
    return [...new Set(values)].map((value) => ({ ...rest, [column]: value as Variant[string] }));
  };
  return [rest, ...columns.flatMap(alone), ...columns.map((column) => without([column]))];
};
