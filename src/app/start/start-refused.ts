import type { Finding } from '../../base/index.ts';
import { AppFailure } from '../failure.ts';

const printFinding = ({ message, remedy }: Finding): string =>
  [`- ${message}`, ...(remedy === undefined ? [] : remedy.split('\n').map((line) => `    ${line}`))].join(
    '\n',
  );

/** A project is not served, for reasons each of which tells what to do. */
export class StartRefused extends AppFailure {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const count = findings.length === 1 ? '' : ` (${findings.length} reasons)`;
    super(`Ashlar does not start${count}:\n\n${findings.map(printFinding).join('\n\n')}\n`);
    this.name = 'StartRefused';
    this.findings = findings;
  }
}
