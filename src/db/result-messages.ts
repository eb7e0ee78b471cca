import type { Column, Row } from './statement.ts';

const readInt16 = (buffer: Buffer, at: number): number =>
  ((buffer[at] as number) << 8) | (buffer[at + 1] as number);

const readInt32 = (buffer: Buffer, at: number): number =>
  ((buffer[at] as number) << 24) |
  ((buffer[at + 1] as number) << 16) |
  ((buffer[at + 2] as number) << 8) |
  (buffer[at + 3] as number);

/** Reads the body of a DataRow. The values are views of the buffer, not copies. */
export const readRow = (buffer: Buffer, start: number): Row => {
  const count = readInt16(buffer, start);
  const row: (Buffer | null)[] = [];
  let at = start + 2;
  for (let i = 0; i < count; i++) {
    const length = readInt32(buffer, at);
    at += 4;
    if (length < 0) {
      row.push(null);
    } else {
      row.push(buffer.subarray(at, at + length));
      at += length;
    }
  }
  return row;
};

/** Reads the body of a RowDescription. */
export const readColumns = (buffer: Buffer, start: number): Column[] => {
  const count = readInt16(buffer, start);
  const columns: Column[] = [];
  let at = start + 2;
  for (let i = 0; i < count; i++) {
    const nameEnd = buffer.indexOf(0, at);
    const name = buffer.toString('utf8', at, nameEnd);
    at = nameEnd + 1;
    columns.push({
      name,
      table: readInt32(buffer, at) >>> 0,
      attribute: readInt16(buffer, at + 4),
      type: readInt32(buffer, at + 6) >>> 0,
      modifier: readInt32(buffer, at + 12),
    });
    at += 18;
  }
  return columns;
};

const selectOne = 'SELECT 1';

/** Reads the command tag of a CommandComplete. */
export const readCommand = (buffer: Buffer, start: number, end: number): string => {
  // By far the most frequent: not worth making a string anew.
  if (
    end - start === 9 &&
    buffer[start] === 0x53 &&
    buffer[start + 7] === 0x31 &&
    buffer[start + 2] === 0x4c
  ) {
    return selectOne;
  }
  return buffer.toString('latin1', start, end - 1);
};

/** Whether a statement with this tag is undone when its transaction fails. Those that commit are not. */
export const isRevocable = (command: string): boolean => {
  switch (command.charCodeAt(0)) {
    case 0x53: // SELECT, SET, START TRANSACTION, SAVEPOINT, SHOW
    case 0x49: // INSERT
    case 0x55: // UPDATE
    case 0x4d: // MERGE
    case 0x42: // BEGIN
      return true;
    default:
      return command.startsWith('DELETE');
  }
};

/**
 * Whether an error at the Bind of a prepared statement may come of what was prepared being out of date:
 * the statement is gone (26000), its result changed (0A000), it names things that were dropped or changed
 * (class 42), or a type it was prepared with is gone (XX000).
 */
export const isStale = (code: string): boolean =>
  code === '26000' || code === '0A000' || code === 'XX000' || code.startsWith('42');
