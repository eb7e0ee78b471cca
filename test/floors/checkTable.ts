import type { Room } from './readFloors.ts';

/** From this floor on, rooms of one floor never import each other. */
const faces = 5;

/**
 * Holds the table of rooms against the rule it must keep itself: a room may import only rooms on lower floors
 * or, below floor 5, one that stands above it on its own floor. So no chain of imports can come back.
 *
 * @returns one sentence for each violation
 */
export function checkTable(rooms: readonly Room[]): readonly string[] {
  return rooms.flatMap((room, at) => {
    const twice = rooms.findIndex((other) => other.name === room.name) < at;
    const wrong = twice ? [`${room.name} stands twice in the table`] : [];
    if (room.mayImport === 'every lower') return wrong;
    for (const name of room.mayImport) {
      const to = rooms.findIndex((other) => other.name === name);
      const other = rooms[to];
      if (other === undefined) wrong.push(`${room.name} may import ${name}, which is not in the table`);
      else if (other.floor > room.floor)
        wrong.push(`${room.name} (floor ${room.floor}) may import ${name} (floor ${other.floor})`);
      else if (other.floor === room.floor && (to >= at || room.floor >= faces))
        wrong.push(`${room.name} may import ${name}, which does not stand below it`);
    }
    return wrong;
  });
}

/** Whether the table lets `from` import `to`, two different rooms. */
export function mayImport(rooms: readonly Room[], from: Room, to: string): boolean {
  if (to === 'base' || from.mayImport === 'every lower') {
    return rooms.some((room) => room.name === to && room.floor < from.floor);
  }
  return from.mayImport.includes(to);
}
