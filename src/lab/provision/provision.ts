import type { ProvisionLog } from './cache';
import { ensureJmxAgents } from './jmx-agents';
import { ensureKafkaDistribution } from './kafka-distribution';
import { ensureLabTools } from './lab-tools';
import { ensureOperatorTools } from './operator-tools';
import { ensureTool } from './toolchain';
import { ensureTemporalCli } from './temporal-cli';
import { ensureTimeSkippingServer } from './temporal-test-server';

const usage =
  'Name what to provision: tools, kafka:<version>, temporal, test-server, jmx-agents, operator-tools, alertmanager. Example: tools kafka:3.7.2 temporal';

/** Puts each named thing into the cache, one after the other, and logs its path; an unknown name is an error at once. */
export async function provision(targets: readonly string[], log: ProvisionLog): Promise<void> {
  if (targets.length === 0) throw new Error(usage);
  const jobs = targets.map((target) => ({ target, run: jobFor(target) }));
  for (const { target, run } of jobs) log(`${target}: ${await run(log)}`);
}

function jobFor(target: string): (log: ProvisionLog) => Promise<string> {
  if (target.startsWith('kafka:')) {
    return (log) => ensureKafkaDistribution(target.slice('kafka:'.length), { log });
  }
  if (target === 'tools') return ensureLabTools;
  if (target === 'operator-tools') return ensureOperatorTools;
  if (target === 'temporal') return async (log) => (await ensureTemporalCli({ log })).path;
  if (target === 'test-server') return (log) => ensureTimeSkippingServer({ log });
  if (target === 'jmx-agents') return async (log) => (await ensureJmxAgents({ log })).directory;
  if (target === 'alertmanager') return (log) => ensureTool('prometheus-alertmanager', { log });
  throw new Error(`"${target}" cannot be provisioned. ${usage}`);
}
