/**
 * Bundles the workflows as a worker loads them into its sandbox, and writes dist/workflow-bundle.js for production.
 * Fails when a workflow imports what the sandbox does not have: a Node built-in, directly or through a package.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';

const root = join(__dirname, '..');

async function main(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'src', 'workflows', 'index.ts'),
    payloadConverterPath: join(root, 'src', 'workflows', 'payload-converter.ts'),
    workflowInterceptorModules: [join(root, 'src', 'workflows', 'details-page.ts')],
    logger: new DefaultLogger('WARN'),
  });
  const target = join(root, 'dist', 'workflow-bundle.js');
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(target, code);
  console.log(`Wrote dist/workflow-bundle.js (${(Buffer.byteLength(code) / 1e6).toFixed(2)} MB)`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
