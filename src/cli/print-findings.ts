import type { CheckedFinding } from '../app/index.ts';
import { findPage } from '../base/index.ts';
import type { Terminal } from './terminal.ts';

const styles = {
  error: ['bold', 'red'],
  warning: ['yellow'],
  info: ['cyan'],
} as const;

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A finding with all that is known of it. */
const printFinding = (finding: CheckedFinding, { style }: Terminal, withWhy: boolean): string => {
  const { id, severity, message, why, remedy, place, cost, docs } = finding;
  const where = place === undefined ? '' : style('dim', `  ${place.file}:${place.line}`);
  return [
    `${style([...styles[severity]], severity)} ${style('bold', id)}${where}`,
    `  ${message}`,
    ...(withWhy && why !== undefined ? [style('dim', `  ${why}`)] : []),
    ...(remedy === undefined ? [] : [remedy.replace(/^/gm, '    ')]),
    ...(cost === undefined
      ? []
      : [
          `  With ${number.format(cost.rows)} rows Postgres estimates a cost of ${number.format(cost.before)} as it is, and ${number.format(cost.after)} then.`,
        ]),
    ...(withWhy && docs !== undefined ? [style('dim', `  More: ${findPage(docs, process.cwd())}`)] : []),
  ].join('\n');
};

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** What is told below: how many of each. */
const printSum = (
  findings: readonly CheckedFinding[],
  shown: (finding: CheckedFinding) => boolean,
): string => {
  const waived = findings.filter((finding) => finding.waived !== undefined);
  const of = (severity: CheckedFinding['severity']): number =>
    findings.filter((finding) => finding.severity === severity && finding.waived === undefined).length;
  const parts = [count(of('error'), 'error'), count(of('warning'), 'warning'), count(of('info'), 'note')];
  if (waived.length > 0) parts.push(`${waived.length} waived`);
  const hidden = findings.some((finding) => !shown(finding));
  return `${parts.join(', ')}.${hidden ? ' --all shows the notes and what is waived.' : ''}`;
};

/** Findings for people: the gravest first, each kind explained once. */
export const printFindings = (
  findings: readonly CheckedFinding[],
  all: boolean,
  terminal: Terminal,
): string => {
  const shown = ({ severity, waived }: CheckedFinding): boolean =>
    all || (severity !== 'info' && waived === undefined);
  const explained = new Set<string>();
  const blocks = findings.filter(shown).map((finding) => {
    const first = !explained.has(finding.id);
    explained.add(finding.id);
    const text = printFinding(finding, terminal, first);
    return finding.waived === undefined
      ? text
      : `${text}\n  ${terminal.style('green', 'waived')}: ${finding.waived}`;
  });
  return [...blocks, printSum(findings, shown)].join('\n\n');
};
