import { Command, Option } from 'commander';
import { ClientError } from '../../client/client-error';
import { parseRequest } from '../../domain/plan/request';
import { blockers } from '../../domain/plan/upgrade-plan';
import { planMarkdown } from '../../render/plan-markdown';
import { planView } from '../../render/plan-view';
import type { PlanAnswer } from '../../workflows/messages';
import { defaultOperator, examples, withConnection, withUpgrade } from '../context';
import type { CliContext, ConnectionFlags } from '../context';
import { exitCodes } from '../exit-codes';
import type { RequestedFeatures } from '../../domain/levels/finalization';
import { featureOption } from './feature-option';
import { withDefinitions } from './definitions-option';

interface PlanFlags extends ConnectionFlags {
  definitions: string;
  json?: boolean;
  markdown?: boolean;
  feature?: RequestedFeatures;
}

/** The running upgrade has its features already; what was typed would be lost. */
const refuseFeatures = (cluster: string): never => {
  throw new ClientError('invalid', `--feature needs a target: the plan of the running upgrade of ${cluster} is made.`, {
    hint: `Try it with \`kafka-upgrade plan ${cluster} TARGET --feature NAME=LEVEL\`.`,
  });
};

const runningPlan = async (cluster: string, flags: PlanFlags): Promise<PlanAnswer> => {
  if (flags.feature !== undefined) return refuseFeatures(cluster);
  const answer = await withUpgrade(cluster, flags, (client) => client.plan());
  if (answer !== null) return answer;
  throw new ClientError('refused', `The upgrade of ${cluster} has no plan yet.`, {
    hint: `Wait a moment, or look at it with \`kafka-upgrade status ${cluster}\`.`,
  });
};

const freshPlan = async (cluster: string, target: string, flags: PlanFlags): Promise<PlanAnswer> => {
  const request = parseRequest({ cluster, target, features: flags.feature, requester: defaultOperator() });
  const { planLocally } = await import('../../worker/local-plan.js');
  return planLocally({ definitionsDirectory: flags.definitions, request });
};

const printed = (answer: PlanAnswer, flags: PlanFlags, { view }: CliContext['terminal']): string => {
  if (flags.json === true) return JSON.stringify(answer, null, 2);
  return flags.markdown === true ? planMarkdown(answer) : planView(answer, view);
};

const showPlan = async (
  { cluster, target }: { cluster: string; target: string | undefined },
  flags: PlanFlags,
  { terminal, finish }: CliContext,
): Promise<void> => {
  const answer = target === undefined ? await runningPlan(cluster, flags) : await freshPlan(cluster, target, flags);
  terminal.out(printed(answer, flags, terminal));
  finish(blockers(answer.plan).length === 0 ? exitCodes.ok : exitCodes.failed);
};

/** `plan`: what an upgrade would do, or what the running one does. */
export const planCommand = (context: CliContext): Command =>
  withConnection(
    withDefinitions(
      new Command('plan')
        .description('show what an upgrade would do; reads hosts and brokers from here, changes nothing')
        .argument('<cluster>', 'name of the cluster')
        .argument('[target]', 'target release; without it the plan of the running upgrade is shown')
        .addOption(featureOption())
        .addOption(new Option('--json', 'print plan and hash as one JSON document').conflicts('markdown'))
        .option('--markdown', 'print the plan as a Markdown document, for a change ticket'),
    ),
  )
    .addHelpText(
      'after',
      examples(
        'kafka-upgrade plan orders-prod 3.8.1 --definitions ./clusters',
        'kafka-upgrade plan orders-kraft 4.3.0 --feature eligible.leader.replicas.version=1',
        'kafka-upgrade plan orders-prod 3.8.1 --markdown >plan.md',
        'kafka-upgrade plan orders-prod',
      ),
    )
    .action((cluster: string, target: string | undefined, flags: PlanFlags) =>
      showPlan({ cluster, target }, flags, context),
    );
