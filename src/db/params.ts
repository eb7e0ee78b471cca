import { ConnectionError } from './connection-error.ts';
import type { Statement } from './statement.ts';

/** The protocol counts parameters in 16 bits; a message may have no more than a gigabyte. */
const maxParams = 65_535;
const maxBytes = 1_000_000_000;

/**
 * Refuses what cannot be sent, before anything is: text with a NUL (Postgres has none in text), too many
 * parameters, too many bytes.
 */
export const checkParams = (statements: readonly Statement[]): void => {
  for (let s = 0; s < statements.length; s++) {
    const statement = statements[s] as Statement;
    const { params, text } = statement;
    if (params.length > maxParams) {
      throw new ConnectionError(
        'bad-parameter',
        `A statement can have ${maxParams} parameters, not ${params.length}. Send fewer rows at a time, or one JSON array.`,
      );
    }
    if (text.includes('\0')) throw nulError('The text of a statement');
    let bytes = text.length;
    for (let i = 0; i < params.length; i++) {
      const param = params[i];
      if (param === null || param === undefined) continue;
      if (typeof param === 'string' ? param.includes('\0') : param.includes(0)) {
        throw nulError(`Parameter $${i + 1}`);
      }
      bytes += param.length;
    }
    if (bytes > maxBytes) {
      throw new ConnectionError(
        'bad-parameter',
        `The parameters have ${bytes} bytes; Postgres takes up to a gigabyte at a time. Send fewer rows at a time.`,
      );
    }
  }
};

const nulError = (subject: string): ConnectionError =>
  new ConnectionError(
    'bad-parameter',
    `${subject} has a NUL character (\\u0000), which text in Postgres cannot hold. Remove it, or use bytea in hexadecimal.`,
  );
