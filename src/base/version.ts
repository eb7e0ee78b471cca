import { readFileSync } from 'node:fs';

let version: string | undefined;

/** The version of this package. */
export const packageVersion = (): string => {
  if (version === undefined) {
    // Two folders up in the sources (src/base) and in the package (dist/base) alike.
    const file = new URL('../../package.json', import.meta.url);
    ({ version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string });
  }
  return version;
};
