import { readFileSync } from 'node:fs';

let version: string | undefined;

/** The version of this package. */
export const packageVersion = (): string => {
  if (version === undefined) {
    // Two folders up in the sources (src/app) and in the package (dist/app) alike.
    const file = new URL('../../package.json', import.meta.url);
    ({ version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string });
  }
  return version;
};
