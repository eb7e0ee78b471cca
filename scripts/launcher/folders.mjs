import { fileURLToPath } from 'node:url';

/** The project's own folder, and the nested packages that are installed only when they are needed. */
export const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
export const nodeFolder = fileURLToPath(new URL('../../toolchain/node', import.meta.url));
export const postgres15Folder = fileURLToPath(new URL('../../toolchain/postgres-15', import.meta.url));
export const refineFolder = fileURLToPath(new URL('../../toolchain/refine', import.meta.url));
