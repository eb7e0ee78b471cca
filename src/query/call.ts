import { type CallParameter, type CallPlan, SCALAR } from '../plan/index.ts';
import { quoteIdent } from '../sql/index.ts';
import { BODY, bindSql, nameSql, type Writer } from './writer.ts';

const CALL = 'pgrst_call';

const namedArgument = (parameter: CallParameter, value: string): string =>
  `${parameter.variadic ? 'VARIADIC ' : ''}${quoteIdent(parameter.name)} := ${value}`;

/** The arguments, and what has to stand before the call in FROM so that they can be read. */
const argumentsSql = (
  writer: Writer,
  plan: CallPlan['arguments'],
): { readonly before: string; readonly list: string } => {
  switch (plan.kind) {
    case 'none':
      return { before: '', list: '' };
    case 'body':
      return {
        before: '',
        list: `${bindSql(writer, { from: 'body', as: plan.type === 'bytea' ? 'bytes' : 'text' })}::${plan.type}`,
      };
    case 'direct':
      return {
        before: '',
        list: plan.parameters
          .map((parameter) => {
            const { name, variadic, type } = parameter;
            return namedArgument(
              parameter,
              `${bindSql(writer, { from: 'argument', name, variadic })}::${type}`,
            );
          })
          .join(', '),
      };
    case 'json': {
      const body = bindSql(writer, { from: 'body', as: 'json' });
      const fields = plan.parameters.map(({ name, type }) => `${quoteIdent(name)} ${type}`).join(', ');
      const records = plan.payload === 'array' ? 'json_to_recordset' : 'json_to_record';
      return {
        before: `(SELECT * FROM ${records}(${body}) AS _(${fields}) LIMIT 1) AS ${BODY}, LATERAL `,
        list: plan.parameters
          .map((parameter) => namedArgument(parameter, `${BODY}.${quoteIdent(parameter.name)}`))
          .join(', '),
      };
    }
  }
};

/**
 * The call of a routine as a SELECT that gives its rows.
 *
 * @example callSql(w, plan) // SELECT pgrst_call.* FROM "public"."search"("term" := $1::text) AS pgrst_call
 */
export const callSql = (writer: Writer, plan: CallPlan): string => {
  const { before, list } = argumentsSql(writer, plan.arguments);
  const call = `${nameSql(plan.routine)}(${list})`;
  if (plan.scalar) return `SELECT ${CALL}.${SCALAR} FROM ${before}(SELECT ${call} AS ${SCALAR}) AS ${CALL}`;
  const columns = plan.returning.length === 0 ? ['*'] : plan.returning.map(quoteIdent);
  return `SELECT ${columns.map((column) => `${CALL}.${column}`).join(', ')} FROM ${before}${call} AS ${CALL}`;
};
