import { Command } from 'commander';
import { ClientError } from '../../client/client-error';
import { answerPayload, withPlan } from '../../client/gate-answer';
import type { GateAnswerInput } from '../../client/gate-answer';
import type { UpgradeClient } from '../../client/upgrade-client';
import { askApproval, gateWords } from '../../terminal/ask-approval';
import { examples, withUpgrade } from '../context';
import type { CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { parkOption } from './hold-meant';
import { answerOf, reportAnswer, withMessage } from './message-options';
import type { MessageFlags } from './message-options';
import { gateMeant, planOf } from './open-gate';

/** The complete answer, or null when the person at the terminal says no. */
const complete = async (
  client: UpgradeClient,
  flags: MessageFlags,
  { terminal }: CliContext,
): Promise<GateAnswerInput | null> => {
  const gate = await gateMeant(client, flags.gate);
  const plan = await planOf(client);
  const answer = { ...answerOf(flags), gate };
  const json = flags.json === true;
  if (!json) terminal.out(gateWords(gate, plan, terminal));
  if (flags.yes === true || flags.plan !== undefined) return withPlan(answer, plan);
  if (terminal.interactive && !json) return askApproval({ gate, answer, plan }, terminal);
  throw new ClientError('invalid', json ? 'Nobody is asked with --json.' : 'There is no terminal to ask for a yes.', {
    hint: `Say which plan you have read (--plan ${plan.planHash.slice(0, 8)}), or pass --yes.`,
  });
};

/** Reads the plan, says what cannot be undone, asks, and passes the open gate. */
export const approve = async (
  kind: 'approve' | 'resume',
  { cluster, flags }: { cluster: string; flags: MessageFlags },
  context: CliContext,
): Promise<void> => {
  await withUpgrade(cluster, flags, async (client) => {
    // Without an answer there is nothing to read either: a worker that is away must not block a stored message.
    const isWhole = flags.gate !== undefined && flags.plan !== undefined;
    // At a park everything is in the options: the number, and the names.
    const blind = flags.park !== undefined || (flags.signal === true && isWhole);
    const answer = blind ? answerOf(flags) : await complete(client, flags, context);
    if (answer === null) {
      context.terminal.err('Not approved; the gate stays closed.');
      context.finish(exitCodes.failed);
      return;
    }
    const result = await client.send(kind, answerPayload(answer), { signalOnly: flags.signal === true });
    reportAnswer({ kind, result }, flags, context);
  });
};

const collect = (value: string, earlier: string[] | undefined): string[] => [...(earlier ?? []), value];

/** `approve`: a person's yes to a gate. */
export const approveCommand = (context: CliContext): Command =>
  withMessage(new Command('approve').description('pass the open gate, after reading what cannot be undone'))
    .option('--gate <name>', 'plan, canary, protocol or a feature; only the canary need not be typed')
    .addOption(parkOption('accept at this park, instead of a gate, what --accept names'))
    .option('--plan <hash>', 'first 8 digits of the plan that you have read (default: read from the upgrade)')
    .option('--disaster-recovery <text>', 'who confirms a working disaster-recovery path, and how (gate plan)')
    .option(
      '--accept <name>',
      'a topic that a restart may leave unprotected, or controller-quorum, deprecated-clients, at a park group:NAME; repeatable; * stands for topics of the plan',
      collect,
    )
    .option('--ticket <text>', 'change ticket, where the gate wants one')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      examples(
        'kafka-upgrade approve orders-prod --gate plan --disaster-recovery "confirmed by kim: restore test"',
        'kafka-upgrade approve orders-prod --gate canary',
        'kafka-upgrade approve orders-prod --gate protocol --plan 1a2b3c4d',
        'kafka-upgrade approve orders-prod --park 1 --accept group:reports --comment "retired yesterday"',
      ),
    )
    .action((cluster: string, flags: MessageFlags) => approve('approve', { cluster, flags }, context));
