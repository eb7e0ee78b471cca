import type { Relation, Role } from '../model/index.ts';
import { quoteIdent, quoteLiteral, quoteQualified } from '../sql/index.ts';
import { type Asker, findAskers } from './callers.ts';
import type { RowJson } from './evaluate.ts';
import { atPlaces, type Fixture, type FixtureRow } from './fixtures.ts';
import { grantEvidence } from './grant-evidence.ts';
import type { Evidence, Trial, VerbAccess } from './matrix.ts';
import { measureReach } from './measure-reach.ts';
import { openingSql } from './probe.ts';
import type { Reach } from './reach.ts';
import { closed, columnsOf, findClosed, type RelationVerb, type Survey } from './survey-table.ts';

/** Views that give more rows are compared by a part of them. */
const MAX_ROWS = 2_000;

const whoseRights = (relation: Relation): Evidence => ({
  kind: 'rule',
  text: relation.securityInvoker
    ? 'The view is security_invoker: below it, the rights and policies of who asks hold.'
    : `The view is not security_invoker: below it, the rights and policies of its owner ${relation.owner} hold, not those of who asks.`,
});

/** Finds out what a role can do through a view, or with a materialized view or a foreign table. */
export const surveyView = async (
  survey: Survey,
  role: Role,
  relation: Relation,
  verb: RelationVerb,
): Promise<VerbAccess> => {
  const can = {
    select: true,
    insert: relation.insertable,
    update: relation.updatable,
    delete: relation.deletable,
  };
  if (!can[verb]) return closed(relation, verb, `This ${relation.kind} takes no ${verb.toUpperCase()}.`);
  const reason = findClosed(survey, role, relation, verb);
  if (reason !== undefined) return closed(relation, verb, reason);
  const because = [...grantEvidence(survey.rights, role, relation, verb.toUpperCase())];
  const answer = (reach: Reach, notes: readonly string[], tried: readonly Trial[] = []): VerbAccess => ({
    verb,
    reach,
    columns: columnsOf(relation, verb).map((column) => ({
      column: column.name,
      reach: survey.rights.mayColumn(role.name, relation.oid, column.number, verb.toUpperCase())
        ? reach
        : 'none',
    })),
    because,
    notes,
    tried,
  });
  if (relation.kind !== 'view') {
    because.push({
      kind: 'rule',
      text: `A ${relation.kind} has no row-level security: a grant opens every row.`,
    });
    return answer('all', []);
  }
  because.push(whoseRights(relation));
  const { tried, trouble } =
    verb === 'select'
      ? await trySelect(survey, role, relation)
      : await tryWrite(survey, role, relation, verb);
  if (trouble !== undefined) return answer('unknown', [trouble]);
  const { reach, notes } = measureReach(tried);
  return answer(
    reach,
    notes,
    tried.flatMap(({ asker, rows }) =>
      rows.map(({ label, reached }) => ({
        as: asker.caller.name,
        row: label,
        evaluated: null,
        probed: reached,
      })),
    ),
  );
};

type TriedBy = {
  readonly asker: Asker;
  readonly rows: readonly {
    readonly user: FixtureRow['user'];
    readonly label: string;
    readonly reached: boolean | null;
  }[];
};

type TriedView = { readonly tried: readonly TriedBy[]; readonly trouble: string | undefined };

const notTried = (trouble: string): TriedView => ({ tried: [], trouble });

/** The tables that are seen through a view with their whole key, and the view's names of its columns. */
const keysThrough = (
  { model, fixtures }: Survey,
  view: Relation,
): readonly { readonly fixture: Fixture; readonly names: ReadonlyMap<string, string> }[] => {
  const names = new Map<number, Map<string, string>>();
  for (const { name, origin } of view.columns) {
    if (origin === null) continue;
    const base = model.relations.find(({ oid }) => oid === origin.relation);
    const column = base?.columns.find(({ number }) => number === origin.column);
    if (base === undefined || column === undefined) continue;
    const map = names.get(base.oid) ?? new Map<string, string>();
    map.set(column.name, name);
    names.set(base.oid, map);
  }
  return [...names].flatMap(([oid, map]) => {
    const base = model.relations.find((relation) => relation.oid === oid);
    const fixture = base === undefined ? undefined : fixtures.of(base);
    return fixture !== undefined &&
      fixture.relation.primaryKey.length > 0 &&
      fixture.relation.primaryKey.every((name) => map.has(name))
      ? [{ fixture, names: map }]
      : [];
  });
};

const trySelect = async (survey: Survey, role: Role, view: Relation): Promise<TriedView> => {
  const { stage } = survey;
  const name = quoteQualified(view);
  const text = `select to_jsonb(v)::text as json from ${name} v limit ${MAX_ROWS}`;
  const all = await stage.run(text);
  if (!all.ok) return notTried(`The view cannot be read: ${all.error.message}.`);
  if (all.rows.length === 0) return notTried('The view shows no row of those that were made to try.');
  const through = keysThrough(survey, view);
  const describe = (json: RowJson, i: number): Pick<FixtureRow, 'user' | 'label'> => {
    for (const { fixture, names } of through) {
      const row = fixture.rows.find((candidate) =>
        fixture.relation.primaryKey.every(
          (key) => JSON.stringify(candidate.json[key]) === JSON.stringify(json[names.get(key) as string]),
        ),
      );
      if (row !== undefined) return row;
    }
    return { user: undefined, label: `row ${i + 1}` };
  };
  const rows = all.rows.map((row) => row.json as string);
  const described = rows.map((json, i) => describe(JSON.parse(json) as RowJson, i));
  const tried: TriedBy[] = [];
  for (const asker of findAskers(role, view, survey.anonymousRole, survey.texts, survey.fixtures)) {
    const seen = await stage.try(asker.caller, text, {
      before: survey.rights.mayRelation(role.name, view.oid, 'SELECT') ? '' : openingSql(view, role.name),
    });
    if (!seen.ok && seen.error.code !== '42501') return notTried(`The view fails: ${seen.error.message}.`);
    const left = new Map<string, number>();
    for (const row of seen.ok ? seen.rows : [])
      left.set(row.json as string, (left.get(row.json as string) ?? 0) + 1);
    const reached = rows.map((json) => {
      const count = left.get(json) ?? 0;
      left.set(json, count - 1);
      return count > 0;
    });
    if ([...left.values()].some((count) => count > 0))
      return notTried(
        'The view shows other rows to those who ask than to its owner, so they cannot be compared.',
      );
    tried.push({ asker, rows: described.map((row, i) => ({ ...row, reached: reached[i] as boolean })) });
  }
  return { tried, trouble: undefined };
};

const tryWrite = async (
  survey: Survey,
  role: Role,
  view: Relation,
  verb: Exclude<RelationVerb, 'select'>,
): Promise<TriedView> => {
  const { stage, rights } = survey;
  const bases = new Set(
    view.columns.flatMap(({ origin, updatable }) => (updatable && origin !== null ? [origin.relation] : [])),
  );
  const through = keysThrough(survey, view).filter(({ fixture }) => bases.has(fixture.relation.oid));
  const [base] = through;
  if (base === undefined || bases.size !== 1)
    return notTried(
      'What is written through this view goes to where it cannot be followed (a trigger, or a key that it does not show).',
    );
  const { fixture, names } = base;
  const name = quoteQualified(view);
  const may = (column: Relation['columns'][number]): boolean =>
    column.updatable && rights.mayColumn(role.name, view.oid, column.number, verb.toUpperCase());
  const tried: TriedBy[] = [];
  for (const asker of findAskers(role, view, survey.anonymousRole, survey.texts, survey.fixtures)) {
    const rows: TriedBy['rows'][number][] = [];
    if (verb === 'insert') {
      for (const { recipe, user, label } of fixture.candidates) {
        const given = Object.entries(recipe).flatMap(([column, value]) => {
          const own = view.columns.find((candidate) => candidate.name === names.get(column));
          return own !== undefined && may(own) ? [[own.name, value] as const] : [];
        });
        const columns = given.map(([column]) => quoteIdent(column)).join(', ');
        const inserted = await stage.try(
          asker.caller,
          columns === ''
            ? `insert into ${name} default values`
            : `insert into ${name} (${columns}) select ${columns} from jsonb_populate_record(null::${name}, ${quoteLiteral(JSON.stringify(Object.fromEntries(given)))}::jsonb)`,
        );
        rows.push({ user, label, reached: inserted.ok ? true : wasLetIn(inserted.error.code) });
      }
    } else {
      const column = view.columns.filter((candidate) => may(candidate))[0];
      if (verb === 'update' && column === undefined) return notTried('None of its columns can be updated.');
      for (const row of fixture.rows) {
        const where = fixture.relation.primaryKey
          .map(
            (key) =>
              `to_jsonb(v.${quoteIdent(names.get(key) as string)}) = ${quoteLiteral(JSON.stringify(row.json[key] ?? null))}::jsonb`,
          )
          .join(' and ');
        const set = quoteIdent(column?.name ?? '-');
        const changed = await stage.try(
          asker.caller,
          verb === 'delete'
            ? `delete from ${name} v where ${where}`
            : `update ${name} v set ${set} = ${set} where ${where}`,
          {
            before: rights.mayRelation(role.name, view.oid, 'SELECT') ? '' : openingSql(view, role.name),
            after: `select 1 from ${quoteQualified(fixture.relation)} where ${atPlaces([row.place])}`,
          },
        );
        rows.push({
          user: row.user,
          label: row.label,
          reached: changed.ok ? changed.rows.length === 0 : wasLetIn(changed.error.code),
        });
      }
    }
    tried.push({ asker, rows });
  }
  return { tried, trouble: undefined };
};

/** Keys and checks are looked at after rights; other failures have nothing to do with those. */
const wasLetIn = (code: string): boolean | null =>
  code.startsWith('23') ? true : code === '42501' || code === '44000' ? false : null;
