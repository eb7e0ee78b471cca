import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { explainWhy, NoSuchRow, type Why } from '../../access/index.ts';
import type { Json } from '../../base/index.ts';
import type { Model, Relation } from '../../model/index.ts';
import type { OnDevProgress } from '../dev/dev-progress.ts';
import type { Claims } from '../dev/make-token.ts';
import { AppFailure } from '../failure.ts';
import { requireRole } from '../require-role.ts';
import { extraSearchPath } from './survey-project.ts';
import { type AccessSource, withOwner } from './with-owner.ts';

export type WhyQuestion = {
  readonly verb: 'select' | 'insert' | 'update' | 'delete';
  /** `posts` or `private.posts` */
  readonly relation: string;
  /** The row's key, with commas between several columns; for `insert` the values as JSON. */
  readonly row: string;
};

export type ExplainAccessOptions = {
  readonly source: AccessSource;
  readonly question: WhyQuestion;
  readonly role: string;
  readonly claims: Claims;
  readonly onProgress: OnDevProgress;
};

/** The project's own database, if there is one: a row that somebody names is in there. */
export const sourceOfRows = (folder: string): AccessSource => ({
  kind: existsSync(join(folder, '.ashlar', 'data')) ? 'project' : 'scratch',
  folder,
});

const findTable = ({ relations }: Model, text: string): Relation => {
  const [schema, name] = text.includes('.') ? text.split('.', 2) : ['public', text];
  const found = relations.find((relation) => relation.schema === schema && relation.name === name);
  const isTable = found?.kind === 'table' || found?.kind === 'partitioned table';
  if (found !== undefined && isTable) return found;
  const known = relations
    .filter((relation) => relation.schema === schema && /table$/.test(relation.kind))
    .map((relation) => relation.name);
  throw new AppFailure(
    found === undefined
      ? `There is no table "${text}"${known.length === 0 ? ', nor any other. Perhaps the migrations were not applied: ashlar migrate' : `. There are: ${known.join(', ')}.`}`
      : `${text} is a ${found.kind}. Ask about the table below it.`,
  );
};

const readValues = (text: string): { readonly [column: string]: Json } => {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as { readonly [column: string]: Json };
  } catch {
    // Told below.
  }
  throw new AppFailure(`What is inserted is a JSON object, such as '{"title": "…"}', not: ${text}`);
};

/**
 * Explains why somebody can do something with a row, or cannot.
 *
 * @throws AppFailure, and what reaching the database throws
 */
export const explainAccess = ({
  source,
  question,
  role,
  claims,
  onProgress,
}: ExplainAccessOptions): Promise<Why> =>
  withOwner(source, onProgress, async ({ session, model }) => {
    const { verb, relation, row } = question;
    requireRole(
      model.roles.map(({ name }) => name),
      role,
    );
    try {
      return await explainWhy(session, model, {
        role,
        claims,
        verb,
        relation: findTable(model, relation),
        row: verb === 'insert' ? { values: readValues(row) } : { key: row.split(',') },
        schemas: ['public'],
        extraSearchPath,
      });
    } catch (error) {
      if (error instanceof NoSuchRow) throw new AppFailure(error.message, error);
      throw error;
    }
  });
