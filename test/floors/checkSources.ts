import { posix } from 'node:path';
import { checkTable, mayImport } from './checkTable.ts';
import { findCycle } from './findCycle.ts';
import type { Room } from './readFloors.ts';
import { type ModuleReference, readImports } from './readImports.ts';

/** What the sources are held against. */
export interface House {
  readonly rooms: readonly Room[];
  /** The packages that come with the published one: its dependencies and optional dependencies. */
  readonly packages: readonly string[];
}

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly isTest: boolean;
  readonly references: readonly ModuleReference[];
  readonly openingComment: string | null;
}

const door = 'index.ts';

/**
 * Holds source files against the table of rooms.
 *
 * @param sources text by path, as in `src/plan/index.ts`
 * @returns one sentence for each violation, in the order of the files
 */
export function checkSources(house: House, sources: ReadonlyMap<string, string>): readonly string[] {
  const files = [...sources].map(([path, text]) => readSource(path, text));
  return [
    ...checkTable(house.rooms),
    ...checkRooms(house.rooms, files),
    ...files.flatMap((file) =>
      file.references.flatMap((reference) => checkReference(house, file, reference)),
    ),
    ...checkCycles(files),
  ];
}

function readSource(path: string, text: string): SourceFile {
  const [, room = '', ...inside] = path.split('/');
  return {
    path,
    room: inside.length === 0 ? '' : room,
    isTest: path.endsWith('.test.ts'),
    ...readImports(path, text),
  };
}

function checkRooms(rooms: readonly Room[], files: readonly SourceFile[]): readonly string[] {
  const loose = files.filter((file) => file.room === '').map((file) => `${file.path} is in no room`);
  const names = [...new Set(files.map((file) => file.room))].filter((name) => name !== '');
  return [
    ...loose,
    ...names.flatMap((name) => {
      const wrong = rooms.some((room) => room.name === name)
        ? []
        : [`src/${name} is not in the table of rooms`];
      const opening = files.find((file) => file.path === `src/${name}/${door}`);
      if (opening === undefined) wrong.push(`src/${name} has no door (${door})`);
      else if (!opening.openingComment)
        wrong.push(`${opening.path} does not open with a comment on what the room is in charge of`);
      return wrong;
    }),
  ];
}

/** Where a project's own file is imported, which is none of ours. */
const importsOfOthers: ReadonlySet<string> = new Set(['src/app/settings/load-settings.ts']);

function checkReference(
  house: House,
  file: SourceFile,
  { specifier, line }: ModuleReference,
): readonly string[] {
  const at = `${file.path}:${line}`;
  if (specifier === null)
    return file.isTest || importsOfOthers.has(file.path)
      ? []
      : [`${at} imports a module whose name is computed`];
  if (!specifier.startsWith('.')) return checkPackage(house, file, at, specifier);

  const target = resolve(file.path, specifier);
  const [top, room = '', ...inside] = target.split('/');
  if (top === 'test' && file.isTest) return [];
  if (top !== 'src') return [`${at} imports ${target}, which is outside of src`];
  if (room === file.room) return [];
  const from = house.rooms.find((candidate) => candidate.name === file.room);
  // That the room is not in the table is said once, not for each of its imports.
  if (from === undefined) return [];
  if (!mayImport(house.rooms, from, room)) return [`${at} imports ${room}, which ${file.room} may not`];
  // A part of a large room may have a door of its own.
  return inside.at(-1) === door ? [] : [`${at} imports ${target} past the door of ${room}`];
}

function checkPackage(house: House, file: SourceFile, at: string, specifier: string): readonly string[] {
  if (file.isTest || specifier.startsWith('node:')) return [];
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  return house.packages.includes(name) ? [] : [`${at} imports ${name}, which is not among the dependencies`];
}

function checkCycles(files: readonly SourceFile[]): readonly string[] {
  const rooms = Map.groupBy(files, (file) => file.room);
  return [...rooms.values()].flatMap((inside) => {
    const cycle = findCycle(new Map(inside.map((file) => [file.path, siblings(file)])));
    return cycle === null ? [] : [`files of ${inside[0]?.room} import each other: ${cycle.join(' → ')}`];
  });
}

function siblings(file: SourceFile): readonly string[] {
  return file.references.flatMap(({ specifier }) => {
    if (specifier === null || !specifier.startsWith('.')) return [];
    const target = resolve(file.path, specifier);
    return target.startsWith(`src/${file.room}/`) ? [target] : [];
  });
}

function resolve(path: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(path), specifier));
}
