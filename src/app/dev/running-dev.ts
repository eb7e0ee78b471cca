import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectOptions } from '../../db/index.ts';

/** A login whose password is text, so that it can be written down. */
export type Login = ConnectOptions & { readonly password: string };

/** How other commands reach the database of a project that is being served. */
export type RunningDev = { readonly pid: number; readonly owner: Login; readonly server: Login };

const pathOf = (folder: string): string => join(folder, '.ashlar', 'running.json');

/** Leaves word of the logins for other commands of the same user; gives what takes it back. */
export const announceRunning = (folder: string, running: RunningDev): (() => void) => {
  const path = pathOf(folder);
  writeFileSync(path, JSON.stringify(running), { mode: 0o600 });
  return () => rmSync(path, { force: true });
};

/** The logins that a server left word of; undefined: none has. */
export const findRunning = (folder: string): RunningDev | undefined => {
  try {
    return JSON.parse(readFileSync(pathOf(folder), 'utf8')) as RunningDev;
  } catch {
    return undefined;
  }
};
