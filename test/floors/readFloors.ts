/** One row of the table of rooms in ARCHITECTURE.md. */
export interface Room {
  readonly name: string;
  readonly floor: number;
  /** The rooms it may import beside `base`; `every lower` stands for all of the floors below. */
  readonly mayImport: readonly string[] | 'every lower';
}

const everyLower = 'every lower floor';

/**
 * Reads the table of rooms out of a Markdown text: the rows `| floor | room | in charge of | may import |`
 * whose floor is a number. Their order is kept: on one floor, it runs from the ground up.
 *
 * @throws when a row cannot be read, or when the text has no such row
 */
export function readFloors(markdown: string): readonly Room[] {
  const rooms = markdown
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([before, floor = '']) => before === '' && /^\d+$/.test(floor))
    .map(([, floor, room = '', , mayImport = '']): Room => {
      const name = /^`([\w-]+)`$/.exec(room)?.[1];
      if (name === undefined) throw new Error(`The table of rooms has a row whose room is "${room}".`);
      return { name, floor: Number(floor), mayImport: readMayImport(name, mayImport) };
    });
  if (rooms.length === 0) throw new Error('The text has no table of rooms.');
  return rooms;
}

function readMayImport(room: string, cell: string): Room['mayImport'] {
  if (cell === everyLower) return 'every lower';
  if (cell === 'nothing') return [];
  const names = cell.split(',').map((name) => name.trim());
  const odd = names.find((name) => !/^[\w-]+$/.test(name));
  if (odd !== undefined) throw new Error(`The table of rooms lets "${room}" import "${odd}".`);
  return names;
}
