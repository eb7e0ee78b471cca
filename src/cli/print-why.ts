import type { ExplainedPart, Why } from '../app/index.ts';
import type { Terminal } from './terminal.ts';

const mark = (holds: boolean | null, { style }: Terminal): string =>
  holds === null ? style('magenta', '?') : holds ? style('green', '✓') : style('red', '✗');

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

const kinds = { all: 'all of', any: 'any of', not: 'not', leaf: '' } as const;

const printPart = (part: ExplainedPart, indent: string, terminal: Terminal): readonly string[] => {
  const { style } = terminal;
  const head = `${indent}${mark(part.holds, terminal)} `;
  if (part.kind !== 'leaf')
    return [
      `${head}${style('dim', kinds[part.kind])}`,
      ...part.parts.flatMap((inner) => printPart(inner, `${indent}  `, terminal)),
    ];
  return [
    `${head}${oneLine(part.text)}`,
    ...(part.error === undefined ? [] : [`${indent}    ${style('magenta', part.error)}`]),
    ...part.values.map(
      ({ text, value }) =>
        `${indent}    ${oneLine(text)} ${style('dim', 'is')} ${style('cyan', value === null ? 'NULL' : `'${value}'`)}`,
    ),
  ];
};

/** Why somebody can do something, or cannot, as a person reads it: step by step, policy by policy, part by part. */
export const printWhy = (why: Why, row: string, terminal: Terminal): string => {
  const { style } = terminal;
  const verdict =
    why.allowed === null
      ? style(['bold', 'magenta'], 'fails')
      : why.allowed
        ? style(['bold', 'green'], 'can')
        : style(['bold', 'red'], 'cannot');
  const lines = [
    why.allowed === null
      ? `${why.role} ${verdict} to ${why.verb} ${why.relation} ${row}.`
      : `${why.role} ${verdict} ${why.verb} ${why.relation} ${row}.`,
  ];
  for (const step of why.steps) {
    lines.push('', `${mark(step.holds, terminal)} ${step.text}`);
    for (const { text, sql } of step.because)
      lines.push(`    ${text}`, ...(sql ? [style('dim', `    ${sql}`)] : []));
    if (step.policies.length === 0 && step.because.length === 0 && step.holds === false) continue;
    for (const policy of step.policies) {
      const kind = policy.permissive ? 'policy' : 'restrictive policy';
      lines.push(
        `  ${mark(policy.holds, terminal)} ${kind} "${policy.name}" ${style('dim', `for ${policy.command}, ${policy.part === 'using' ? 'using' : 'with check'}`)}`,
        ...printPart(policy.expression, '      ', terminal),
      );
    }
  }
  if (why.change.length > 0)
    lines.push(
      '',
      why.allowed ? 'This would take it away:' : 'This would let it through:',
      '',
      `  ${why.change}`,
    );
  return lines.join('\n');
};
