import { delimiter } from 'node:path';

/**
 * This process's environment with one folder first on PATH.
 *
 * @param {string} folder
 * @returns {NodeJS.ProcessEnv}
 */
export function withFirstOnPath(folder) {
  // Windows calls it `Path`, and two spellings of one variable must not both be handed on.
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [name]: [folder, process.env[name]].filter(Boolean).join(delimiter) };
}
