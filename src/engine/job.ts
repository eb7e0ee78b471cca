import type { Statement } from '../db/index.ts';
import type { Role } from '../model/index.ts';
import { type PlanStatement, RESPONSE_SETTINGS } from '../query/index.ts';
import type { Ask } from '../request/index.ts';
import { bindParams } from './bind.ts';
import type { Circumstances } from './circumstances.ts';
import type { CachedPlan } from './plan-cache.ts';
import {
  preRequestStatement,
  type ShownSettings,
  settingsStatement,
  type TransactionSettings,
} from './settings.ts';

/** Asks what functions of the database have set for the answer's head. */
export const ASK_RESPONSE: Statement = {
  text: RESPONSE_SETTINGS.text,
  key: 'response-settings',
  params: [],
};

/** One request on its way: its plan, its values, and the statements they make together. */
export type Job = {
  readonly cached: CachedPlan;
  readonly ask: Ask;
  readonly circumstances: Circumstances;
  readonly shown: ShownSettings;
  /** Settings, role and pre-request function: what every transaction of this request begins with. */
  readonly preamble: readonly Statement[];
  /** `EXPLAIN` of what is counted, where the total is an estimate. */
  readonly estimate: Statement | undefined;
  readonly main: Statement;
  /** Whether the answer's head has to be asked for. */
  readonly asksResponse: boolean;
};

const bindStatement = (
  statement: PlanStatement,
  key: string,
  ask: Ask,
  circumstances: Circumstances,
): Statement => ({
  text: statement.text,
  key,
  params: bindParams(statement.params, ask, circumstances),
});

const bindMain = (cached: CachedPlan, ask: Ask, circumstances: Circumstances): Statement => {
  const { plan, compiled, key } = cached;
  const statement = bindStatement(compiled.main, key, ask, circumstances);
  if (plan.explain !== undefined) return statement;
  if (plan.output.mode === 'handler') return { ...statement, describe: true };
  // Of more rows than the one only the number matters.
  return plan.output.mode === 'value' ? { ...statement, rows: 'first' } : statement;
};

/** Binds a request's values to its plan's statements. */
export const makeJob = (
  settings: TransactionSettings,
  shown: ShownSettings,
  role: Role | undefined,
  cached: CachedPlan,
  ask: Ask,
  circumstances: Circumstances,
): Job => {
  const { plan, compiled, key } = cached;
  const set = settingsStatement(settings, shown, plan, ask, circumstances, role);
  const { preRequest } = settings;
  return {
    cached,
    ask,
    circumstances,
    shown,
    preamble:
      preRequest === undefined ? [set] : [set, preRequestStatement(preRequest, circumstances.identity.role)],
    estimate: compiled.estimate && bindStatement(compiled.estimate, `${key}:estimate`, ask, circumstances),
    main: bindMain(cached, ask, circumstances),
    asksResponse: plan.asksResponse || plan.write?.countInserted === true,
  };
};

/** The statement that counts a job's rows by itself, if it has one. */
export const totalStatement = ({ cached, ask, circumstances }: Job): Statement | undefined =>
  cached.compiled.total && bindStatement(cached.compiled.total, `${cached.key}:total`, ask, circumstances);

/** The statement that looks for the item that a job's path begins with, if it begins with one. */
export const probeStatement = ({ cached, ask, circumstances }: Job): Statement | undefined =>
  cached.compiled.probe && bindStatement(cached.compiled.probe, `${cached.key}:probe`, ask, circumstances);

/** All statements of a job, in their order. */
export const jobStatements = (job: Job): readonly Statement[] => {
  if (job.estimate === undefined && !job.asksResponse) return [...job.preamble, job.main];
  return [
    ...job.preamble,
    ...(job.estimate === undefined ? [] : [job.estimate]),
    job.main,
    ...(job.asksResponse ? [ASK_RESPONSE] : []),
  ];
};

const addValues = (key: string, { params }: Statement): string => {
  let longer = key;
  // No text in Postgres holds a NUL, so none of the values can be mistaken for two, nor text for NULL.
  for (let i = 0; i < params.length; i++) longer += params[i] === null ? '\u0000' : `\u0000=${params[i]}`;
  return longer;
};

/**
 * Equal for jobs of one plan with the same values for all settings, which are everything of a request that functions
 * and policies can see. The plan stands for the schema, the role and its settings.
 */
export const settingsKey = ({ cached, ask, circumstances, shown }: Job): string => {
  let key = cached.key;
  if (shown.caller.length > 0) key += `\u0000${circumstances.identity.key}`;
  const { timezone } = ask.preferences;
  if (timezone !== undefined) key += `\u0000\u0000${timezone}`;
  for (let i = 0; i < shown.request.length; i++) key += `\u0000=${shown.request[i]?.value(circumstances)}`;
  return key;
};

/** Equal for jobs that give the same answer at the same moment: the same settings (their key), and the same values. */
export const joinKey = (job: Job, settings: string): string => {
  const key = addValues(settings, job.main);
  return job.estimate === undefined ? key : addValues(key, job.estimate);
};
