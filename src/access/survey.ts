import type { Session } from '../db/index.ts';
import type { Model, Relation, Role } from '../model/index.ts';
import { FixtureMaker } from './fixtures.ts';
import { readDecidingTexts } from './looked-at.ts';
import type { AccessMatrix, AccessVerb, RelationAccess, RoleAccess } from './matrix.ts';
import { readRights } from './rights.ts';
import { readRowChecks } from './row-checks.ts';
import { Stage } from './stage.ts';
import { routineName, surveyRoutine } from './survey-routine.ts';
import { type RelationVerb, type Survey, surveyTable } from './survey-table.ts';
import { surveyView } from './survey-view.ts';

/** How far a survey has come. */
export type SurveyProgress = {
  readonly step: 'making rows' | 'trying';
  readonly done: number;
  readonly of: number;
};

export type SurveyOptions = {
  /** The schemas whose relations and routines are looked at. */
  readonly schemas: readonly string[];
  /** The roles that are asked about, in the order in which they are told. */
  readonly roles: readonly string[];
  /** The role of those who show no token: nobody has rows of their own in it. */
  readonly anonymousRole: string;
  /** Schemas beside the relation's own in which functions find what they name. */
  readonly extraSearchPath: readonly string[];
  readonly onProgress?: (progress: SurveyProgress) => void;
};

const VERBS: readonly RelationVerb[] = ['select', 'insert', 'update', 'delete'];

/** `pg_trigger.tgtype` of triggers before each row, by the event (trigger.h). */
const EVENT_BITS: { readonly [verb in AccessVerb]?: number } = { insert: 4, delete: 8, update: 16 };

const factsSql = `
select json_build_object(
  'superuser', (select rolsuper from pg_roles where rolname = current_user),
  'triggers', (select coalesce(json_agg(json_build_array(t.tgrelid::bigint, t.tgtype)), '[]')
               from pg_trigger t where not t.tgisinternal and t.tgtype & 3 = 3 and t.tgenabled <> 'D'),
  'ofExtensions', (select coalesce(json_agg(d.objid::bigint), '[]') from pg_depend d where d.deptype = 'e'
                   and d.classid in ('pg_proc'::regclass, 'pg_class'::regclass))
)::text as answer`;

type Facts = {
  readonly superuser: boolean;
  readonly triggers: readonly (readonly [relation: number, type: number])[];
  readonly ofExtensions: readonly number[];
};

const readFacts = async (session: Session): Promise<Facts> => {
  const [row] = await session.query(factsSql);
  return JSON.parse(row?.answer ?? '{}') as Facts;
};

/**
 * Finds out who can do what: for each role, relation, verb and column, how far it reaches. Grants and policies
 * are evaluated and then tried on rows that are made for it, in a transaction that is rolled back.
 *
 * Rejects with a ConnectionError, or with a PgError where the login may not take one of the roles.
 *
 * @param session the owner's, and used for nothing else meanwhile
 * @example
 * const matrix = await surveyAccess(session, model, {
 *   schemas: ['public'], roles: ['anon', 'authenticated'], anonymousRole: 'anon', extraSearchPath: ['extensions'],
 * });
 */
export const surveyAccess = async (
  session: Session,
  given: Model,
  options: SurveyOptions,
): Promise<AccessMatrix> => {
  const stage = new Stage(session, [...options.schemas, ...options.extraSearchPath]);
  const onProgress = options.onProgress ?? (() => {});
  await stage.open();
  try {
    const facts = await readFacts(session);
    const ofExtensions = new Set(facts.ofExtensions);
    const rights = await readRights(session, options.roles, options.schemas);
    const { model, checks } = await readRowChecks(session, given);
    const texts = await readDecidingTexts(session, model);
    const served = new Set(options.schemas);
    const relations = model.relations.filter(
      ({ oid, schema, isPartition }) => served.has(schema) && !isPartition && !ofExtensions.has(oid),
    );
    const routines = model.routines.filter(
      ({ oid, schema, returns }) =>
        served.has(schema) && !ofExtensions.has(oid) && !/^(event_)?trigger$/.test(returns.type.name),
    );
    const fixtures = await new FixtureMaker(stage, model, texts, checks, facts.superuser).make(
      relations,
      (done, of) => onProgress({ step: 'making rows', done, of }),
    );
    const survey: Survey = {
      stage,
      model,
      rights,
      texts,
      fixtures,
      anonymousRole: options.anonymousRole,
      hasTrigger: (relation, verb) =>
        facts.triggers.some(([oid, type]) => oid === relation.oid && (type & (EVENT_BITS[verb] ?? 0)) !== 0),
    };
    const roles = options.roles.flatMap((name) => model.roles.find((role) => role.name === name) ?? []);
    const total = roles.length * relations.length;
    let done = 0;
    const surveyRole = async (role: Role): Promise<RoleAccess> => {
      const found: RelationAccess[] = [];
      for (const relation of relations) {
        found.push(await surveyRelation(survey, role, relation));
        onProgress({ step: 'trying', done: ++done, of: total });
      }
      for (const routine of routines)
        found.push({
          schema: routine.schema,
          name: routineName(routine),
          kind: 'routine',
          verbs: [surveyRoutine(rights, role, routine)],
        });
      return { role: role.name, notes: notesOf(role, rights.heldRoles(role.name)), relations: found };
    };
    const surveyed: RoleAccess[] = [];
    for (const role of roles) surveyed.push(await surveyRole(role));
    return { version: 1, schemas: options.schemas, roles: surveyed };
  } finally {
    await stage.close();
  }
};

const surveyRelation = async (survey: Survey, role: Role, relation: Relation): Promise<RelationAccess> => {
  const { schema, name, kind } = relation;
  const isTable = kind === 'table' || kind === 'partitioned table';
  const verbs = [];
  for (const verb of VERBS)
    verbs.push(await (isTable ? surveyTable : surveyView)(survey, role, relation, verb));
  return { schema, name, kind, verbs };
};

const notesOf = (role: Role, held: ReadonlySet<string>): readonly string[] => {
  if (role.superuser) return [`${role.name} is a superuser: no grant and no policy stops it.`];
  const others = [...held].filter((name) => name !== role.name).sort();
  return [
    ...(role.bypassRls ? [`${role.name} is BYPASSRLS: no policy stops it, only grants do.`] : []),
    ...(others.length > 0 ? [`${role.name} has the rights of ${others.join(', ')} as well.`] : []),
  ];
};
