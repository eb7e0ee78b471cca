import type { Column, Model, Relation, Role } from '../model/index.ts';
import { type Asker, findAskers } from './callers.ts';
import { evaluateDefaults } from './evaluate-defaults.ts';
import type { Fixture, FixtureRow, Fixtures, Recipe } from './fixtures.ts';
import { grantEvidence } from './grant-evidence.ts';
import { type Judgement, judgeRows } from './judge.ts';
import type { DecidingText } from './looked-at.ts';
import type { AccessVerb, Trial, VerbAccess } from './matrix.ts';
import { measureReach, type Reached } from './measure-reach.ts';
import { openingSql, type Probe, probeBlindly, probeChange, probeInsert, probeSelect } from './probe.ts';
import { type Reach, reachWords } from './reach.ts';
import type { Rights } from './rights.ts';
import { findRowRule, type RowRule } from './row-rule.ts';
import type { Caller, Stage } from './stage.ts';

/** What a survey goes by. */
export type Survey = {
  readonly stage: Stage;
  readonly model: Model;
  readonly rights: Rights;
  readonly texts: readonly DecidingText[];
  readonly fixtures: Fixtures;
  readonly anonymousRole: string;
  /** Whether triggers of a table may change a row before its policies see it. */
  readonly hasTrigger: (relation: Relation, verb: AccessVerb) => boolean;
};

export type RelationVerb = Exclude<AccessVerb, 'execute'>;

/** The columns that a verb can name at all. */
export const columnsOf = (relation: Relation, verb: RelationVerb): readonly Column[] =>
  verb === 'delete'
    ? []
    : verb === 'select'
      ? relation.columns
      : relation.columns.filter(
          ({ generated, identity, updatable }) => generated === null && identity !== 'always' && updatable,
        );

/** A verb that no grant opens. */
export const closed = (relation: Relation, verb: RelationVerb, text: string): VerbAccess => ({
  verb,
  reach: 'none',
  columns: columnsOf(relation, verb).map(({ name }) => ({ column: name, reach: 'none' })),
  because: [{ kind: 'rule', text }],
  notes: [],
  tried: [],
});

/** Why a role comes to nothing of a relation before any row is looked at; undefined: it does come to some. */
export const findClosed = (
  { rights }: Survey,
  role: Role,
  relation: Relation,
  verb: RelationVerb,
): string | undefined => {
  const name = `${relation.schema}.${relation.name}`;
  if (!rights.usesSchema(role.name, relation.schema))
    return `${role.name} has no USAGE on the schema ${relation.schema}.`;
  const privilege = verb.toUpperCase();
  const opened =
    rights.mayRelation(role.name, relation.oid, privilege) ||
    relation.columns.some((column) => rights.mayColumn(role.name, relation.oid, column.number, privilege));
  return opened ? undefined : `No grant gives ${role.name} ${privilege} on ${name}.`;
};

/** Finds out what a role can do with the rows of a table by one verb. */
export const surveyTable = async (
  survey: Survey,
  role: Role,
  relation: Relation,
  verb: RelationVerb,
): Promise<VerbAccess> => {
  const { model, rights } = survey;
  const reason = findClosed(survey, role, relation, verb);
  if (reason !== undefined) return closed(relation, verb, reason);
  const rule = findRowRule(model, rights, role, relation, verb);
  const because = [...grantEvidence(rights, role, relation, verb.toUpperCase()), ...rule.because];
  const fixture = survey.fixtures.of(relation);
  const tried = fixture === undefined ? [] : await tryVerb(survey, role, fixture, verb, rule);
  const measured = conclude(verb, rule, tried, fixture);
  const { reach, notes } = doubtNone(survey, role, rule, measured, tried);
  return {
    verb,
    reach,
    columns: columnsOf(relation, verb).map((column) => ({
      column: column.name,
      reach: rights.mayColumn(role.name, relation.oid, column.number, verb.toUpperCase()) ? reach : 'none',
    })),
    because,
    notes,
    tried: tried.flatMap(({ asker, rows }) =>
      rows.map(
        (row): Trial => ({
          as: asker.caller.name,
          row: row.label,
          evaluated: row.evaluated,
          probed: row.probed,
        }),
      ),
    ),
  };
};

/** A row, what was expected of it, and what happened. */
type TriedRow = {
  readonly user: FixtureRow['user'];
  readonly label: string;
  readonly evaluated: boolean | null;
  readonly probed: boolean | null;
  readonly reached: boolean | null;
  readonly note: string | undefined;
  /** It is only reached by a statement that names no row: policies on reading hide it. */
  readonly unseen?: boolean;
};

type TriedBy = { readonly asker: Asker; readonly rows: readonly TriedRow[] };

const conclude = (
  verb: RelationVerb,
  rule: RowRule,
  tried: readonly TriedBy[],
  fixture: Fixture | undefined,
): { readonly reach: Reach; readonly notes: readonly string[] } => {
  const notes = [
    ...new Set(tried.flatMap(({ rows }) => rows.flatMap(({ note }) => (note === undefined ? [] : [note])))),
  ];
  if (tried.every(({ rows }) => rows.length === 0)) {
    // Without a row to try, what holds for every row holds all the same.
    const always =
      rule.kind === 'every row'
        ? 'all'
        : rule.kind === 'no row'
          ? 'none'
          : rule.restrictive.length === 0 &&
              rule.permissive.some(({ using, check }) => using === 'true' && (check ?? 'true') === 'true')
            ? 'all'
            : undefined;
    if (always !== undefined) return { reach: always, notes };
    return {
      reach: 'unknown',
      notes: [`No row could be made to try${fixture?.trouble === undefined ? '' : ` (${fixture.trouble})`}.`],
    };
  }
  const measured = measureReach(tried satisfies readonly Reached[]);
  const seen = measureReach(
    tried.map(({ asker, rows }) => ({
      asker,
      rows: rows.map((row) => ({ ...row, reached: row.unseen ? false : row.reached })),
    })),
  );
  const blindly =
    seen.reach === measured.reach
      ? []
      : [
          `${sentence(reachWords[seen.reach])} of those that can be seen; ${reachWords[measured.reach]} by a statement without WHERE, for which Postgres does not ask the policies on SELECT.`,
        ];
  // All rows are own where there happen to be no others; but no policy asks whose they are.
  const reach =
    rule.kind === 'every row' && verb !== 'insert' && measured.reach === 'own' ? 'all' : measured.reach;
  return { reach, notes: [...measured.notes, ...blindly, ...notes] };
};

/** Names of functions in an expression. */
const CALLED = /([\w$]+|"(?:[^"]|"")+")\s*\(/g;

/** Whether an expression looks at rows of tables, itself or by what it calls. */
const looksAtRows = (expression: string, texts: readonly DecidingText[]): boolean => {
  if (/\bfrom\b/i.test(expression.replace(/'(?:[^']|'')*'/g, ''))) return true;
  const called = new Set(
    [...expression.matchAll(CALLED)].map(([, name]) => (name as string).replace(/^"|"$/g, '').toLowerCase()),
  );
  return texts.some(
    ({ of, name, columns }) => of === 0 && columns.size > 0 && called.has(name.toLowerCase()),
  );
};

/**
 * What no trial reached is out of reach only where the policies can be seen to be about the row and the caller. Where
 * they ask other rows (whether somebody is a member, and of what), the rows that were made may lack the one that opens it.
 */
const doubtNone = (
  { texts, anonymousRole }: Survey,
  role: Role,
  rule: RowRule,
  measured: { readonly reach: Reach; readonly notes: readonly string[] },
  tried: readonly TriedBy[],
): { readonly reach: Reach; readonly notes: readonly string[] } => {
  if (measured.reach !== 'none' || rule.kind !== 'policies' || role.name === anonymousRole) return measured;
  const refused = tried.flatMap(({ rows }) => rows).every(({ evaluated }) => evaluated === false);
  const asking = rule.permissive.filter(({ using, check }) =>
    [using, check].some((expression) => expression !== null && looksAtRows(expression, texts)),
  );
  if (!refused || asking.length === 0) return measured;
  const names = asking.map(({ name }) => `"${name}"`).join(', ');
  return {
    reach: 'unknown',
    notes: [
      ...measured.notes,
      `None of the rows that were tried, but ${names} ${asking.length === 1 ? 'asks' : 'ask'} rows of other tables, and those that open it may not have been among ours. "ashlar access --why" tells of a row of yours.`,
    ],
  };
};

const tryVerb = async (
  survey: Survey,
  role: Role,
  fixture: Fixture,
  verb: RelationVerb,
  rule: RowRule,
): Promise<readonly TriedBy[]> => {
  const { relation } = fixture;
  const askers =
    rule.kind === 'policies'
      ? findAskers(role, relation, survey.anonymousRole, survey.texts, survey.fixtures)
      : findAskers(role, relation, survey.anonymousRole, [], survey.fixtures).slice(0, 1);
  const tried: TriedBy[] = [];
  for (const asker of askers) {
    const rows =
      verb === 'insert'
        ? await tryInsert(survey, role, fixture, rule, asker)
        : verb === 'select'
          ? await trySelect(survey, fixture, rule, asker.caller)
          : await tryChange(survey, role, fixture, verb, rule, asker.caller);
    tried.push({ asker, rows });
  }
  return tried;
};

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const because = (text: string | undefined): string => (text === undefined ? '' : `: ${text}`);

/** Puts what was expected beside what happened. Where the two disagree, it is not known. */
const compare = (
  row: { readonly user: FixtureRow['user']; readonly label: string },
  expected: Judgement,
  probe: Probe,
  /** What the verb reaches, where that is more than the probe can show. */
  reached = expected.allowed,
  triggered = false,
): TriedRow => {
  const common = { user: row.user, label: row.label, evaluated: reached, probed: probe.reached };
  if (expected.allowed === null) {
    // An expression that fails takes the statement with it; the probe shows the same.
    const failed = probe.reached === false && probe.error !== undefined;
    return {
      ...common,
      reached: failed ? false : null,
      note: failed
        ? `A policy cannot be evaluated, so everything is refused: ${expected.error}.`
        : `A policy could not be evaluated${because(expected.error)}.`,
    };
  }
  if (probe.reached === null)
    return { ...common, reached: null, note: `The trial failed${because(probe.error)}.` };
  if (probe.reached === expected.allowed) return { ...common, reached, note: undefined };
  if (triggered)
    return {
      ...common,
      evaluated: null,
      reached: probe.reached,
      note: 'A trigger changes rows before the policies see them, so only the trial tells.',
    };
  if (probe.error !== undefined && !probe.error.includes('row-level security'))
    // Refused by something beside grants and policies of this table, such as a sequence or a trigger.
    return { ...common, reached: false, note: `Refused: ${probe.error}.` };
  return {
    ...common,
    reached: null,
    note: `Policies and trial disagree: by its policies ${row.label} would be ${expected.allowed ? 'reached' : 'refused'}, but it was ${probe.reached ? 'reached' : 'refused'}${because(probe.error)}.`,
  };
};

/** What has to be opened so that rows can be told apart; mostly nothing, as each GRANT has Postgres plan anew. */
const openingFor = ({ rights }: Survey, role: string, relation: Relation): string =>
  rights.mayRelation(role, relation.oid, 'SELECT') ? '' : openingSql(relation, role);

const trySelect = async (
  survey: Survey,
  { relation, rows }: Fixture,
  rule: RowRule,
  caller: Caller,
): Promise<readonly TriedRow[]> => {
  if (rows.length === 0) return [];
  const { stage } = survey;
  const expected = await judgeRows(
    stage,
    caller,
    relation,
    rule,
    'using',
    rows.map(({ json }) => json),
  );
  const probes = await probeSelect(
    stage,
    caller,
    relation,
    rows.map(({ place }) => place),
    openingFor(survey, caller.role, relation),
  );
  return rows.map((row, i) => compare(row, expected[i] as Judgement, probes[i] as Probe));
};

/** All of them have to allow it. */
const both = (judgements: readonly Judgement[]): Judgement =>
  judgements.find(({ allowed }) => allowed === null) ??
  judgements.find(({ allowed }) => allowed === false) ??
  (judgements[0] as Judgement);

const tryChange = async (
  survey: Survey,
  role: Role,
  { relation, rows }: Fixture,
  verb: 'update' | 'delete',
  rule: RowRule,
  caller: Caller,
): Promise<readonly TriedRow[]> => {
  const { stage, model, rights } = survey;
  if (rows.length === 0) return [];
  // Not a key, if it can be another: that may be written to all rows at once.
  const keys = new Set(relation.uniqueKeys.flat());
  const column = columnsOf(relation, 'update')
    .filter(({ number }) => rights.mayColumn(role.name, relation.oid, number, 'UPDATE'))
    .sort((a, b) => Number(keys.has(a.name)) - Number(keys.has(b.name)))[0];
  if (verb === 'update' && column === undefined) return [];
  const json = rows.map((row) => row.json);
  const places = rows.map(({ place }) => place);
  // A statement that says which rows it means reads them, so that policies on reading hold, too.
  const seeing = await judgeRows(
    stage,
    caller,
    relation,
    findRowRule(model, rights, role, relation, 'select'),
    'using',
    json,
  );
  const finding = await judgeRows(stage, caller, relation, rule, 'using', json);
  const leaving = verb === 'delete' ? finding : await judgeRows(stage, caller, relation, rule, 'check', json);
  const change = verb === 'delete' ? ({ verb } as const) : ({ verb, column: column as Column } as const);
  const own = rows.map((_, i) => both([finding[i] as Judgement, leaving[i] as Judgement]));
  const expected = rows.map((_, i) => both([own[i] as Judgement, seeing[i] as Judgement]));
  const probes = await probeChange(
    stage,
    caller,
    relation,
    change,
    places,
    expected.map(({ allowed }) => allowed === true),
    openingFor(survey, caller.role, relation),
  );
  const triggered = survey.hasTrigger(relation, verb);
  const compared = rows.map((row, i) =>
    compare(row, expected[i] as Judgement, probes[i] as Probe, own[i]?.allowed, triggered),
  );
  const unseen = compared.some((row) => row.reached === true && row.probed === false);
  if (!unseen) return compared;
  const blind = await probeBlindly(stage, caller, relation, change, rows);
  return compared.map((row, i) => {
    if (row.reached !== true || row.probed !== false) return row;
    const probe = blind?.[i];
    return {
      ...row,
      probed: probe ?? null,
      reached: probe === false ? null : true,
      note:
        probe === false
          ? `Policies and trial disagree about ${row.label} in a statement that names no row.`
          : undefined,
      unseen: true,
    };
  });
};

const tryInsert = async (
  { stage, rights, hasTrigger }: Survey,
  role: Role,
  { relation, candidates, owners }: Fixture,
  rule: RowRule,
  asker: Asker,
): Promise<readonly TriedRow[]> => {
  const { caller } = asker;
  const settable = new Set(
    columnsOf(relation, 'insert')
      .filter(({ number }) => rights.mayColumn(role.name, relation.oid, number, 'INSERT'))
      .map(({ name }) => name),
  );
  const given = (recipe: Recipe): Recipe =>
    Object.fromEntries(Object.entries(recipe).filter(([name]) => settable.has(name)));
  const recipes = candidates.map(({ recipe }) => given(recipe));
  if (recipes.length === 0) return [];
  const defaults = await evaluateDefaults(stage, caller, relation);
  const filled = recipes.map((recipe) => ({ ...defaults.values, ...recipe }));
  const expected = await judgeRows(stage, caller, relation, rule, 'check', filled);
  const probes = await probeInsert(
    stage,
    caller,
    relation,
    recipes,
    expected.map(({ allowed }) => allowed === true),
  );
  // Whose a row is cannot be said by who may not set its owner: then it is whoever's the database makes it.
  const byDefault = owners.length > 0 && owners.every(({ name }) => !settable.has(name));
  const triggered = hasTrigger(relation, 'insert');
  const seen = new Set<string>();
  return candidates.flatMap((candidate, i) => {
    const label = byDefault
      ? candidate.label.replace(/^(.*?'s|nobody's)/, 'one of their own')
      : candidate.label;
    const same = byDefault ? label : candidate.label;
    if (seen.has(same)) return [];
    seen.add(same);
    const row = { user: byDefault ? asker.user : candidate.user, label };
    const judged = expected[i] as Judgement;
    return [compare(row, judged, probes[i] as Probe, judged.allowed, triggered)];
  });
};
