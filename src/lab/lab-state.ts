import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const labStateSchema = z.object({
  format: z.literal(1),
  phase: z.enum(['starting', 'up']),
  cluster: z.string(),
  release: z.string(),
  releaseDirectory: z.string(),
  hosts: z.array(
    z.object({
      name: z.string(),
      nodeId: z.number().nullable(),
      roles: z.array(z.enum(['broker', 'controller'])),
      address: z.string(),
      root: z.string(),
    }),
  ),
  ssh: z.object({ keyFile: z.string(), knownHostsFile: z.string(), port: z.number(), user: z.string() }),
});

/** What `lab.json` holds: all that another process needs to look at the lab or to take it down. */
export type LabState = z.infer<typeof labStateSchema>;

/** One host as the lab's state names it; its running init is read from the host's own files. */
export type HostState = LabState['hosts'][number];

/** Where a lab keeps what. */
export function labPaths(directory: string): {
  state: string;
  hosts: string;
  keys: string;
  definitions: string;
  initScript: string;
} {
  return {
    state: join(directory, 'lab.json'),
    hosts: join(directory, 'hosts'),
    keys: join(directory, 'ssh'),
    definitions: join(directory, 'clusters'),
    initScript: join(directory, 'host-init.sh'),
  };
}

/** Writes `lab.json` atomically. */
export async function writeLabState(directory: string, state: LabState): Promise<void> {
  const path = labPaths(directory).state;
  await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`);
  await rename(`${path}.new`, path);
}

/** The lab whose files are in `directory`, or null when there is none; throws when `lab.json` is not a lab's. */
export function readLabState(directory: string): LabState | null {
  const path = labPaths(directory).state;
  if (!existsSync(path)) return null;
  const parsed = labStateSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path} is not the state of a lab: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
