import type { Session } from '../db/index.ts';
import type { Model, Policy, Relation, Role } from '../model/index.ts';
import { quoteIdent, quoteLiteral, quoteQualified } from '../sql/index.ts';
import { evaluateRows, type RowJson, rowsSql } from './evaluate.ts';
import { evaluateDefaults } from './evaluate-defaults.ts';
import { grantEvidence } from './grant-evidence.ts';
import { readDecidingTexts } from './looked-at.ts';
import type { Evidence } from './matrix.ts';
import { findOwnerColumns } from './owner-columns.ts';
import { plainIdent, plainName } from './plain-name.ts';
import { printPolicy } from './print-policy.ts';
import { type Rights, readRights } from './rights.ts';
import { expressionOf, findRowRule } from './row-rule.ts';
import { type Condition, splitExpression } from './split-expression.ts';
import { type Caller, Stage } from './stage.ts';
import type { RelationVerb } from './survey-table.ts';

/** A part of a policy's expression, and what it comes to for the row. */
export type ExplainedPart = {
  readonly text: string;
  readonly kind: Condition['kind'];
  /** Null: it cannot be evaluated; then `error` says why. */
  readonly holds: boolean | null;
  readonly error?: string;
  readonly parts: readonly ExplainedPart[];
  /** What a comparison compares, with the values; null: NULL. */
  readonly values: readonly { readonly text: string; readonly value: string | null }[];
};

export type ExplainedPolicy = {
  readonly name: string;
  readonly permissive: boolean;
  readonly command: Policy['command'];
  /** The rows that are found, or those that would be made. */
  readonly part: 'using' | 'check';
  readonly holds: boolean | null;
  readonly expression: ExplainedPart;
  readonly sql: string;
};

/** What a verb asks of a row by one set of policies, such as those on SELECT of a row that is named. */
export type ExplainedStep = {
  readonly text: string;
  readonly holds: boolean | null;
  readonly because: readonly Evidence[];
  readonly policies: readonly ExplainedPolicy[];
};

/** Why somebody can do something with a row, or cannot. */
export type Why = {
  readonly role: string;
  readonly verb: RelationVerb;
  readonly relation: string;
  readonly allowed: boolean | null;
  readonly steps: readonly ExplainedStep[];
  /** Statements that would change the answer. */
  readonly change: readonly string[];
};

export type WhyOptions = {
  readonly role: string;
  readonly claims: { readonly [name: string]: unknown };
  readonly verb: RelationVerb;
  readonly relation: Relation;
  /** The row as it is, by its key; for `insert`, the values that are given. */
  readonly row: { readonly key: readonly string[] } | { readonly values: RowJson };
  readonly schemas: readonly string[];
  readonly extraSearchPath: readonly string[];
};

/** There is no such row, or its table has no key. */
export class NoSuchRow extends Error {}

type Situation = WhyOptions & {
  readonly stage: Stage;
  readonly model: Model;
  readonly rights: Rights;
  readonly asked: Role;
  readonly caller: Caller;
};

/**
 * Explains why somebody can do something with a row, or cannot: by which grant and which policies, expression by
 * expression with its values. Nothing is changed.
 *
 * @param session the owner's
 * @throws NoSuchRow
 */
export const explainWhy = async (session: Session, model: Model, options: WhyOptions): Promise<Why> => {
  const asked = model.roles.find(({ name }) => name === options.role);
  if (asked === undefined) throw new NoSuchRow(`There is no role "${options.role}".`);
  const stage = new Stage(session, [...options.schemas, ...options.extraSearchPath]);
  await stage.open();
  try {
    const rights = await readRights(session, [options.role], [options.relation.schema]);
    const caller: Caller = { name: options.role, role: options.role, claims: options.claims };
    const situation: Situation = { ...options, stage, model, rights, asked, caller };
    const grant = explainGrant(situation);
    const row = await findRow(situation);
    const rows = await explainRows(situation, row);
    const steps = [grant.step, ...rows];
    const failing = steps.find(({ holds }) => holds !== true);
    const texts = await readDecidingTexts(session, model);
    const needed = rows.filter(({ holds }) => holds !== true);
    const change =
      failing === undefined
        ? [`revoke ${options.verb} on ${plainName(options.relation)} from ${plainIdent(options.role)};`]
        : [...grant.change, ...new Set(needed.map((step) => openingStatement(situation, row, step, texts)))];
    return {
      role: options.role,
      verb: options.verb,
      relation: plainName(options.relation),
      allowed: failing === undefined ? true : failing.holds,
      steps,
      change,
    };
  } finally {
    await stage.close();
  }
};

const explainGrant = ({
  rights,
  asked,
  relation,
  verb,
  row,
}: Situation): { readonly step: ExplainedStep; readonly change: readonly string[] } => {
  const role = plainIdent(asked.name);
  const privilege = verb.toUpperCase();
  const refused = (text: string, change: string) => ({
    step: { text, holds: false, because: [], policies: [] },
    change: [change],
  });
  if (!rights.usesSchema(asked.name, relation.schema))
    return refused(
      `${asked.name} has no USAGE on the schema ${relation.schema}.`,
      `grant usage on schema ${plainIdent(relation.schema)} to ${role};`,
    );
  const named = 'values' in row ? Object.keys(row.values) : [];
  const columns = relation.columns.filter(({ name }) => named.includes(name));
  const closed = columns.filter(
    ({ number }) => !rights.mayColumn(asked.name, relation.oid, number, privilege),
  );
  const some =
    rights.mayRelation(asked.name, relation.oid, privilege) ||
    relation.columns.some(({ number }) => rights.mayColumn(asked.name, relation.oid, number, privilege));
  if (!some)
    return refused(
      `No grant gives ${asked.name} ${privilege} on ${plainName(relation)}.`,
      `grant ${verb} on ${plainName(relation)} to ${role};`,
    );
  if (verb === 'insert' && closed.length > 0) {
    const list = closed.map(({ name }) => plainIdent(name)).join(', ');
    return refused(
      `No grant gives ${asked.name} ${privilege} on the column ${list}.`,
      `grant ${verb} (${list}) on ${plainName(relation)} to ${role};`,
    );
  }
  const because = grantEvidence(rights, asked, relation, privilege);
  return {
    step: {
      text: `A grant opens ${privilege} on ${plainName(relation)}.`,
      holds: true,
      because,
      policies: [],
    },
    change: [],
  };
};

/** The row that it is about: as it is, or as it would become. */
const findRow = async ({ stage, relation, row, caller }: Situation): Promise<RowJson> => {
  if ('values' in row) {
    const defaults = await evaluateDefaults(stage, caller, relation);
    return { ...defaults.values, ...row.values };
  }
  const { primaryKey } = relation;
  if (primaryKey.length === 0)
    throw new NoSuchRow(`${plainName(relation)} has no primary key by which a row could be named.`);
  if (primaryKey.length !== row.key.length)
    throw new NoSuchRow(
      `A row of ${plainName(relation)} is named by ${primaryKey.join(', ')}: write its values with commas between, not ${row.key.join(',')}.`,
    );
  const where = primaryKey
    .map((name, i) => `${quoteIdent(name)}::text = ${quoteLiteral(row.key[i] as string)}`)
    .join(' and ');
  const [found] = await stage.query(
    `select to_jsonb(t)::text as json from ${quoteQualified(relation)} t where ${where}`,
  );
  if (found === undefined)
    throw new NoSuchRow(
      `There is no row of ${plainName(relation)} with ${primaryKey.join(', ')} = ${row.key.join(', ')}.`,
    );
  return JSON.parse(found.json as string) as RowJson;
};

const explainRows = async (situation: Situation, row: RowJson): Promise<readonly ExplainedStep[]> => {
  const { verb } = situation;
  const steps: ExplainedStep[] = [];
  // A statement that says which row it means reads it.
  if (verb !== 'insert')
    steps.push(
      await explainStep(situation, row, 'select', 'using', 'The row can be seen, so that it can be named.'),
    );
  if (verb === 'update' || verb === 'delete')
    steps.push(
      await explainStep(situation, row, verb, 'using', `The row can be found by ${verb.toUpperCase()}.`),
    );
  if (verb === 'update' || verb === 'insert')
    steps.push(
      await explainStep(
        situation,
        row,
        verb,
        'check',
        verb === 'insert'
          ? 'The new row is let in.'
          : 'The row may be as it is afterwards (here: unchanged).',
      ),
    );
  return steps;
};

const explainStep = async (
  situation: Situation,
  row: RowJson,
  verb: RelationVerb,
  part: 'using' | 'check',
  text: string,
): Promise<ExplainedStep> => {
  const { model, rights, asked, relation } = situation;
  const rule = findRowRule(model, rights, asked, relation, verb);
  if (rule.kind !== 'policies')
    return { text, holds: rule.kind === 'every row', because: rule.because, policies: [] };
  const policies: ExplainedPolicy[] = [];
  for (const policy of [...rule.permissive, ...rule.restrictive]) {
    const expression = expressionOf(policy, part);
    if (expression === null) continue;
    const explained = await explainPart(situation, row, splitExpression(expression));
    policies.push({
      name: policy.name,
      permissive: policy.permissive,
      command: policy.command,
      part,
      holds: explained.holds,
      expression: explained,
      sql: printPolicy(policy, relation),
    });
  }
  const failed = policies.some(({ holds }) => holds === null);
  const holds =
    policies.some(({ permissive, holds: one }) => permissive && one) &&
    policies.every(({ permissive, holds: one }) => permissive || one);
  return { text, holds: failed ? null : holds, because: [], policies };
};

const explainPart = async (
  situation: Situation,
  row: RowJson,
  condition: Condition,
): Promise<ExplainedPart> => {
  const { stage, caller, relation } = situation;
  const [[result] = []] = await evaluateRows(stage, caller, relation, [row], [condition.text]);
  const parts: ExplainedPart[] = [];
  if (condition.kind !== 'leaf')
    for (const part of condition.parts) parts.push(await explainPart(situation, row, part));
  const values: { readonly text: string; readonly value: string | null }[] = [];
  if (condition.kind === 'leaf')
    for (const text of condition.operands) {
      const tried = await stage.try(
        caller,
        `select (${text})::text as value from ${rowsSql(relation, [row])}`,
      );
      if (tried.ok && tried.rows.length === 1) values.push({ text, value: tried.rows[0]?.value ?? null });
    }
  return {
    text: condition.text,
    kind: condition.kind,
    holds: result !== undefined && 'value' in result ? result.value : null,
    ...(result !== undefined && 'error' in result ? { error: result.error } : {}),
    parts,
    values,
  };
};

/** A statement by which a step that refuses would let the row through. */
const openingStatement = (
  { model, relation, role, caller, verb }: Situation,
  row: RowJson,
  step: ExplainedStep,
  texts: Awaited<ReturnType<typeof readDecidingTexts>>,
): string => {
  const name = plainName(relation);
  const restrictive = step.policies.find(({ permissive, holds }) => !permissive && holds !== true);
  if (restrictive !== undefined) return `drop policy ${quoteIdent(restrictive.name)} on ${name};`;
  const needed = step.text.startsWith('The row can be seen') ? 'select' : verb;
  const owner = findOwnerColumns(model, texts, relation).find(
    (column) => caller.claims.sub !== undefined && row[column.name] === caller.claims.sub,
  );
  // Its owner is let through by being it; anybody else by nothing that could be guessed, so it is this row alone.
  const condition =
    owner !== undefined
      ? `${plainIdent(owner.name)} = (select auth.uid())`
      : needed === 'insert' || relation.primaryKey.length === 0
        ? 'true'
        : relation.primaryKey
            .map((key) => `${plainIdent(key)} = ${quoteLiteral(String(row[key] ?? ''))}`)
            .join(' and ');
  const clause = needed === 'insert' ? `with check (${condition})` : `using (${condition})`;
  return `create policy ${quoteIdent(`${role} may ${needed}`)} on ${name} for ${needed} to ${plainIdent(role)} ${clause};`;
};
