import { type Finding, findPage } from '../base/index.ts';
import type { Session } from '../db/index.ts';
import type { MigrationFailure } from './migration-failure.ts';
import type { MigrationFile } from './migration-file.ts';

/**
 * Asked inside of a transaction, before it is committed, for what must not come to be. It has to leave the
 * transaction as it is.
 */
export type Guard = (session: Session) => Promise<readonly Finding[]>;

const keyOf = ({ id, subject, message }: Finding): string => JSON.stringify([id, subject, message]);

/** Follows what a guard finds from file to file, beside what it found before the first. Inside of transactions. */
export class Watch {
  readonly #session: Session;
  readonly #guard: Guard | undefined;
  #known: ReadonlySet<string> = new Set();
  #found: readonly Finding[] = [];
  #since: MigrationFile | undefined;

  constructor(session: Session, guard: Guard | undefined) {
    this.#session = session;
    this.#guard = guard;
  }

  /** Takes what is found now for granted: no file has brought it about. */
  async begin(): Promise<void> {
    if (this.#guard !== undefined) this.#known = new Set((await this.#guard(this.#session)).map(keyOf));
  }

  /** Looks after a file was run. */
  async look(file: MigrationFile): Promise<void> {
    if (this.#guard === undefined) return;
    this.#found = (await this.#guard(this.#session)).filter((finding) => !this.#known.has(keyOf(finding)));
    this.#since = this.#found.length === 0 ? undefined : (this.#since ?? file);
  }

  /** What was found at the last look. */
  get found(): readonly Finding[] {
    return this.#found;
  }

  /** The file since which there is something; undefined: there is nothing. */
  get since(): MigrationFile | undefined {
    return this.#since;
  }
}

/** Why a file is not committed: what it would bring about. */
export const refuseFindings = (
  file: MigrationFile,
  findings: readonly Finding[],
  left: readonly string[],
): MigrationFailure => {
  const [first] = findings;
  return {
    file: file.path,
    place: undefined,
    code: undefined,
    message: first === undefined ? 'it was refused' : first.message,
    detail:
      findings.length > 1
        ? findings
            .slice(1)
            .map(({ message }) => message)
            .join('\n')
        : undefined,
    hint: first?.why,
    context: undefined,
    help: [
      ...findings.flatMap(({ remedy }) => (remedy === undefined ? [] : [remedy])),
      ...(first?.docs === undefined ? [] : [`More: ${findPage(first.docs, process.cwd())}`]),
      ...left,
    ],
  };
};
