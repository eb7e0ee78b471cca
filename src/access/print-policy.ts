import type { Policy, Relation } from '../model/index.ts';
import { quoteIdent } from '../sql/index.ts';
import { plainIdent, plainName } from './plain-name.ts';

/** Strips the parentheses that Postgres puts around a whole expression. */
const inner = (expression: string): string => {
  if (!expression.startsWith('(') || !expression.endsWith(')')) return expression;
  let depth = 0;
  for (let i = 0; i < expression.length; i++) {
    const character = expression[i];
    if (character === "'") {
      i = expression.indexOf("'", i + 1);
      if (i < 0) return expression;
    } else if (character === '(') depth++;
    else if (character === ')') {
      depth--;
      if (depth === 0 && i < expression.length - 1) return expression;
    }
  }
  return expression.slice(1, -1);
};

/** A policy as the statement that makes it. */
export const printPolicy = (policy: Policy, relation: Relation): string =>
  [
    `create policy ${quoteIdent(policy.name)} on ${plainName(relation)}`,
    ...(policy.permissive ? [] : ['as restrictive']),
    `for ${policy.command}`,
    `to ${policy.roles.map((role) => (role === 'PUBLIC' ? 'public' : plainIdent(role))).join(', ')}`,
    ...(policy.using === null ? [] : [`using (${inner(policy.using)})`]),
    ...(policy.check === null ? [] : [`with check (${inner(policy.check)})`]),
  ].join(' ');
