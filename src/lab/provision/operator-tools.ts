import type { ProvisionLog } from './cache';
import { ensureTool, findProgram, type ToolContext } from './toolchain';

/** What distributions call the browser; any of them speaks the protocol by which a test drives it. */
const browserNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/**
 * The browser in which tests use the web UI as an operator does; installed when it is missing. There is no other way to
 * test that, so that its absence is an error: one line that says how to install it.
 */
export async function ensureBrowser(context: ToolContext): Promise<string> {
  for (const name of browserNames) {
    const found = await findProgram(name, context.searchPath);
    if (found !== undefined) return found;
  }
  return ensureTool('chromium', context);
}

/** The browser and the terminal in which tests act as operators; resolves to the paths in one line. */
export const ensureOperatorTools = async (log: ProvisionLog): Promise<string> =>
  [await ensureBrowser({ log }), await ensureTool('tmux', { log })].join(' ');
