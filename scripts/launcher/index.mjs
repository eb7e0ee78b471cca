// Gets the project running on a machine that has some Node and npm and nothing else: installs what is missing
// and only then, finds a Node that is new enough, and runs programs with it. Plain JavaScript without
// dependencies, because it starts before there are any, on a Node as old as 20.
export { nodeFolder, postgres15Folder, projectFolder, refineFolder } from './folders.mjs';
export { InstallFailed, installMissing } from './install.mjs';
export { findNode, oldestNode } from './node.mjs';
export { runNode } from './run.mjs';
