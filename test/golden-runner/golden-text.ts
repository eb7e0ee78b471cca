import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const updates = process.env.UPDATE_GOLDEN === '1';

/** What a golden file says; undefined: there is none. */
export const readGoldenText = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined;

/** With `UPDATE_GOLDEN=1`, makes the file say this; undefined: it is not to be there. */
export const updateGoldenText = (path: string, actual: string | undefined): void => {
  if (!updates) return;
  if (actual === undefined) rmSync(path, { force: true });
  else if (readGoldenText(path) !== actual) writeFileSync(path, actual);
};
