import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import type { BundleOptions } from '@temporalio/worker';

const root = join(__dirname, '..', '..');
const directory = join(root, '.test-results', 'bundles');
/** Bundles of earlier sources are of no use; younger ones may belong to a run that goes on beside this one. */
const keepMs = 60 * 60_000;

function hashOfSources(): string {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|json)$/.test(name))
    .sort()
    .map((name) => join('src', name));
  const hash = createHash('sha256');
  for (const name of ['package-lock.json', ...sources]) hash.update(`${name}\0`).update(readFileSync(join(root, name)));
  return hash.digest('hex').slice(0, 16);
}

function removeOld(): void {
  for (const name of readdirSync(directory)) {
    const file = join(directory, name);
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > keepMs) rmSync(file, { force: true });
  }
}

/** `short`: the upgrade goes on in a new run of its workflow after every node or two. */
export type Histories = 'long' | 'short';

const limitOf = {
  product: join(root, 'src', 'workflows', 'history-limit.ts'),
  test: join(__dirname, 'short-history-limit.ts'),
};

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

const withShortHistories = (config: WebpackConfig): WebpackConfig => {
  const given = config.resolve?.alias;
  if (Array.isArray(given)) throw new Error('the SDK gives its aliases as an object');
  return { ...config, resolve: { ...config.resolve, alias: { ...given, [limitOf.product]: limitOf.test } } };
};

async function make(file: string, histories: Histories): Promise<void> {
  mkdirSync(directory, { recursive: true });
  removeOld();
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'src', 'workflows', 'index.ts'),
    payloadConverterPath: join(root, 'src', 'workflows', 'payload-converter.ts'),
    workflowInterceptorModules: [join(root, 'src', 'workflows', 'details-page.ts')],
    logger: new DefaultLogger('WARN'),
    ...(histories === 'short' ? { webpackConfigHook: withShortHistories } : {}),
  });
  const scratch = `${file}.${randomUUID()}`;
  writeFileSync(scratch, code);
  renameSync(scratch, file);
}

const bundles = new Map<Histories, Promise<{ codePath: string }>>();

/**
 * The bundle of our workflows, for `Worker.create({ workflowBundle: await workflowBundle(), … })`. Made once for a state
 * of the sources: Jest gives every test file its own modules, so that a variable alone would make it once per file.
 */
export function workflowBundle(histories: Histories = 'long'): Promise<{ codePath: string }> {
  const made = bundles.get(histories) ?? bundleOf(histories);
  bundles.set(histories, made);
  return made;
}

async function bundleOf(histories: Histories): Promise<{ codePath: string }> {
  const codePath = join(directory, `workflows-${histories}-${hashOfSources()}.js`);
  if (!existsSync(codePath)) await make(codePath, histories);
  return { codePath };
}
