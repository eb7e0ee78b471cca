import type { Column, Model, Relation } from '../model/index.ts';
import { type DecidingText, textsReading } from './looked-at.ts';

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const ASKER = String.raw`(?:auth\.uid\(\)|auth\.jwt\(\)|request\.jwt)`;

/** Names that hold a user's id by custom, where no foreign key says otherwise. */
const CUSTOMARY = new Set([
  'user_id',
  'owner',
  'owner_id',
  'author_id',
  'created_by',
  'profile_id',
  'uid',
  'creator_id',
  'member_id',
]);

const comparesWithAsker = ({ text }: DecidingText, { name }: Column): boolean => {
  const column = `"?${escapePattern(name)}"?`;
  // `auth.uid() = user_id`, `( SELECT auth.uid() AS uid) = user_id`, and the other way round, with casts between.
  return (
    new RegExp(`${ASKER}[^=]{0,60}?=\\s*\\(*(?:\\w+\\.)?${column}(?![\\w"])`).test(text) ||
    new RegExp(
      `(?<![\\w"])${column}\\)?(?:::\\w+)?\\)*\\s*=\\s*\\(*\\s*(?:SELECT\\s+)?\\(*${ASKER}`,
      'i',
    ).test(text)
  );
};

const holdsText = (column: Column): boolean =>
  ['uuid', 'text', 'character varying', 'integer', 'bigint'].includes(column.baseType);

/**
 * The columns that say whose row it is: they refer to `auth.users`, are the caller's by default, are compared
 * with the caller by a policy, or are called so by custom.
 */
export const findOwnerColumns = (
  model: Model,
  texts: readonly DecidingText[],
  relation: Relation,
): readonly Column[] => {
  if (relation.schema === 'auth' && relation.name === 'users')
    return relation.columns.filter(({ name }) => name === 'id');
  const users = model.relations.find(({ schema, name }) => schema === 'auth' && name === 'users');
  const keys = model.foreignKeys.filter((key) => key.relation === relation.oid);
  return relation.columns.filter((column) => {
    if (!holdsText(column)) return false;
    const key = keys.find(({ columns }) => columns.length === 1 && columns[0] === column.number);
    if (key !== undefined && key.foreignRelation === users?.oid) return true;
    if (column.default !== null && new RegExp(ASKER).test(column.default)) return true;
    if (textsReading(texts, relation, column).some((text) => comparesWithAsker(text, column))) return true;
    return key === undefined && column.baseType === 'uuid' && CUSTOMARY.has(column.name);
  });
};
