import type { Policy, Relation, Routine } from '../model/index.ts';
import { spellIdent, spellQualified } from '../sql/index.ts';
import type { RoutineSource } from './evidence.ts';

/** `anon`, `anon and authenticated`, `a, b and c`. */
export const listWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** How a role is spoken of. */
export const nameRole = (role: string): string => (role === 'PUBLIC' ? 'everybody (PUBLIC)' : role);

export const nameRoles = (roles: readonly string[]): string =>
  roles.includes('PUBLIC') ? nameRole('PUBLIC') : listWords(roles.map(nameRole));

/** How roles stand in SQL, behind TO and FROM. */
export const spellRoles = (roles: readonly string[]): string =>
  roles.map((role) => (role === 'PUBLIC' ? 'public' : spellIdent(role))).join(', ');

export const spellColumns = (names: readonly string[]): string => names.map(spellIdent).join(', ');

/** `alter policy "own rows" on public.posts` */
export const alterPolicy = ({ name }: Policy, relation: Relation): string =>
  `alter policy ${spellIdent(name)} on ${spellQualified(relation)}`;

/** `function public.count_posts(text)` */
export const spellFunction = (routine: Routine, source: RoutineSource | undefined): string =>
  `function ${spellQualified(routine)}(${source?.signature ?? routine.parameters.map(({ type }) => type).join(', ')})`;
