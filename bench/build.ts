import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const project = join(import.meta.dirname, '..');

const run = (program: string, args: readonly string[], cwd: string): string =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

const compile = (folder: string): string => {
  run(process.execPath, ['scripts/build.mjs'], folder);
  return join(folder, 'dist/cli/main.js');
};

/** The program as it is published, built from what lies here. */
export const buildProgram = (): string => compile(project);

/** The commit that lies here, and whether there is more than that. */
export const readRevision = (): string => {
  try {
    const commit = run('git', ['rev-parse', '--short', 'HEAD'], project).trim();
    const changed = run('git', ['status', '--porcelain', '--', 'src'], project).trim() !== '';
    return changed ? `${commit} and changes` : commit;
  } catch {
    return 'unknown';
  }
};

export type Built = { readonly program: string; readonly remove: () => void };

/** The program built from another revision, with the dependencies that are installed here. */
export const buildRevision = (revision: string): Built => {
  const folder = join(mkdtempSync(join(tmpdir(), 'ashlar-bench-')), 'against');
  run('git', ['worktree', 'add', '--detach', folder, revision], project);
  for (const name of ['node_modules', 'toolchain/node/node_modules'])
    if (existsSync(join(project, name)) && !existsSync(join(folder, name)))
      symlinkSync(join(project, name), join(folder, name));
  const remove = (): void => {
    run('git', ['worktree', 'remove', '--force', folder], project);
    rmSync(join(folder, '..'), { recursive: true, force: true });
  };
  try {
    return { program: compile(folder), remove };
  } catch (error) {
    remove();
    throw error;
  }
};
