// Starts the standalone role as a service does: settings from the folder it runs in, exit code on failure.
// Nothing native is imported before the Node version is known to be fit for it.

import { isFitNode, refuseNode } from './node-version.ts';

export const start = async (): Promise<void> => {
  if (!isFitNode(process.versions.node)) {
    process.exitCode = refuseNode();
    return;
  }
  const { runFromEnvironment } = await import('./roles/standalone/from-environment.ts');
  process.exitCode = await runFromEnvironment();
};
