import type { ProvisionLog } from './cache';
import { ensureTool, type ToolName } from './toolchain';

/** Every program outside npm that a lab, and the tests of the SSH adapters, run. */
const labTools: readonly ToolName[] = ['java', 'sshd', 'ssh-keygen', 'unshare', 'nsenter', 'flock', 'ps'];

/** Installs what is missing; resolves to the paths in one line. Does nothing where nothing can be installed. */
export const ensureLabTools = async (log: ProvisionLog): Promise<string> => {
  // Only here can anything be installed; elsewhere the lab itself says what is missing.
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'not installed here: that takes root on Linux';
  const found: string[] = [];
  for (const tool of labTools) found.push(await ensureTool(tool, { log }));
  return found.join(' ');
};
