import { join } from 'node:path';
import { findNode, InstallFailed, installMissing, projectFolder, runNode } from './launcher/index.mjs';

// The program of this clone, for any Node from 20 on: `npm run -s ashlar -- token examples/blog`. What has to be
// installed first is told on standard error, so that standard output has what the command prints and no more.
try {
  const node = await findNode();
  await installMissing(projectFolder, 'dependencies', { node });
  const { code, signal } = await runNode(
    node,
    [join(projectFolder, 'src/cli/main.ts'), ...process.argv.slice(2)],
    {
      // npm goes to the clone's own folder first; paths are meant from where it was called.
      cwd: process.env.INIT_CWD ?? process.cwd(),
    },
  );
  // To die of the same signal is how the shell and npm learn of it.
  if (signal !== null) process.kill(process.pid, signal);
  process.exitCode = code;
} catch (error) {
  if (!(error instanceof InstallFailed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
