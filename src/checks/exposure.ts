import { type Finding, printName } from '../base/index.ts';
import type { Oid, Relation } from '../model/index.ts';
import { spellIdent, spellQualified } from '../sql/index.ts';
import type { FindingId } from './finding-register.ts';
import { makeFinding } from './make-finding.ts';
import { isPlatformSchema, type Opening, READS_AND_WRITES, readOutsiders } from './outsiders.ts';
import type { ExposureSubject } from './subject.ts';
import { listWords, nameRole } from './words.ts';

/** `anon and authenticated (SELECT, INSERT)` */
const tellOpenings = (openings: readonly Opening[]): string => {
  const same = new Map<string, string[]>();
  for (const { grantee, privileges } of openings) {
    const key = privileges.join(', ');
    same.set(key, [...(same.get(key) ?? []), nameRole(grantee)]);
  }
  return listWords([...same].map(([privileges, grantees]) => `${listWords(grantees)} (${privileges})`));
};

const revoke = (relation: Relation, openings: readonly Opening[]): string =>
  `revoke all on ${spellQualified(relation)} from ${openings
    .map(({ grantee }) => (grantee === 'PUBLIC' ? 'public' : spellIdent(grantee)))
    .join(', ')};`;

/** The tables, foreign tables and materialized views that a view reads by somebody's rights other than the caller's. */
type ReadBelow = { readonly relation: Relation; readonly as: string };

/** The kinds of findings that `findExposure` gives. */
export const exposureIds: readonly string[] = [
  'table-without-row-security',
  'policies-switched-off',
  'view-without-invoker',
  'auth-users-exposed',
  'materialized-view-open',
  'foreign-table-open',
] satisfies readonly FindingId[];

export type ExposureOptions = {
  /** Only what is in these. Default: all, for a schema that is not served today may be tomorrow. */
  readonly schemas?: readonly string[];
};

/**
 * Finds what is open without anything that would keep its rows apart: what `migrate` and `start` refuse. What an
 * `@open: reason` in the object's comment waives is found, too, and says so.
 *
 * @example findExposure({ model, evidence }).filter(({ waived }) => waived === undefined)
 */
export const findExposure = (
  { model, evidence }: ExposureSubject,
  { schemas }: ExposureOptions = {},
): readonly Finding[] => {
  const outsiders = readOutsiders(model);
  const byOid = new Map(model.relations.map((relation) => [relation.oid, relation]));
  const fromExtension = new Set(evidence.extensionRelations);
  const guarded = new Set(model.policies.map(({ relation }) => relation));
  const reads = new Map<Oid, Oid[]>();
  for (const { view, relation } of evidence.reads) reads.set(view, [...(reads.get(view) ?? []), relation]);

  /** What a view reads by its owner's rights, through the views below, whose owners have rights of their own. */
  const readsBelow = (view: Relation, seen: Set<Oid> = new Set()): readonly ReadBelow[] => {
    if (seen.has(view.oid)) return [];
    seen.add(view.oid);
    return (reads.get(view.oid) ?? []).flatMap((oid): readonly ReadBelow[] => {
      const relation = byOid.get(oid);
      if (relation === undefined) return [];
      if (relation.kind !== 'view') return [{ relation, as: view.owner }];
      // The rights of whoever asks count below it, whoever's view stands above (CREATE VIEW, "Notes").
      return relation.securityInvoker ? [] : readsBelow(relation, seen);
    });
  };

  const look = (relation: Relation): readonly Finding[] => {
    const openings = outsiders.openings(relation, READS_AND_WRITES);
    if (openings.length === 0) return [];
    const { comment } = relation;
    const subject = printName(relation);
    const who = tellOpenings(openings);
    switch (relation.kind) {
      case 'table':
      case 'partitioned table':
        if (relation.rowSecurity) return [];
        return [
          makeFinding(guarded.has(relation.oid) ? 'policies-switched-off' : 'table-without-row-security', {
            subject,
            comment,
            message: `${subject} is open to ${who} and its row-level security is off, so they have all its rows${guarded.has(relation.oid) ? ', whatever its policies say' : ''}.`,
            remedy: `alter table ${spellQualified(relation)} enable row level security;`,
          }),
        ];
      case 'view': {
        if (relation.securityInvoker) return [];
        const passed = readsBelow(relation).filter(
          ({ relation: below, as }) =>
            below.kind === 'materialized view' ||
            below.kind === 'foreign table' ||
            outsiders.passes(as, below),
        );
        if (passed.length === 0) return [];
        const tables = [...new Set(passed.map(({ relation: below }) => printName(below)))].sort();
        const users = passed.some(({ relation: { schema, name } }) => schema === 'auth' && name === 'users');
        return [
          makeFinding(users ? 'auth-users-exposed' : 'view-without-invoker', {
            subject,
            comment,
            message: `The view ${subject} is open to ${who} and reads ${listWords(tables)} with the rights of ${listWords([...new Set(passed.map(({ as }) => as))])}, whom no policy holds.`,
            remedy: users
              ? `${revoke(relation, openings)}\n-- What may be seen of a user belongs into a table of your own, with policies.`
              : `alter view ${spellQualified(relation)} set (security_invoker = true);`,
          }),
        ];
      }
      case 'materialized view':
        return [
          makeFinding('materialized-view-open', {
            subject,
            comment,
            message: `The materialized view ${subject} is open to ${who}, and no policy can say which of its rows they see.`,
            remedy: revoke(relation, openings),
          }),
        ];
      case 'foreign table':
        return [
          makeFinding('foreign-table-open', {
            subject,
            comment,
            message: `The foreign table ${subject} is open to ${who}, and no policy can say which of its rows they see.`,
            remedy: revoke(relation, openings),
          }),
        ];
    }
  };

  return model.relations
    .filter(({ schema, oid }) => !isPlatformSchema(schema) && !fromExtension.has(oid))
    .filter(({ schema }) => schemas === undefined || schemas.includes(schema))
    .flatMap(look);
};
