import { Command } from 'commander';
import { ClientError } from '../../client/client-error';
import { answerPayload, withPlan } from '../../client/gate-answer';
import type { GateAnswerInput } from '../../client/gate-answer';
import type { UpgradeClient } from '../../client/upgrade-client';
import { gatesOf } from '../../domain/approval';
import type { GateName } from '../../domain/approval';
import { askApproval, gateWords } from '../../terminal/ask-approval';
import type { PlanAnswer } from '../../workflows/messages';
import { examples, withUpgrade } from '../context';
import type { CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { answerOf, reportAnswer, withMessage } from './message-options';
import type { MessageFlags } from './message-options';

const openGate = async (client: UpgradeClient): Promise<GateName> => {
  const { status, ending } = await client.look();
  if (ending !== null) {
    throw new ClientError(
      'not-found',
      `The upgrade of ${client.cluster} has ended (${ending.outcome}): ${ending.message}`,
      {
        hint: `Another one is started with \`kafka-upgrade start ${client.cluster} TARGET\`.`,
      },
    );
  }
  const { waitingFor, message } = status;
  if (waitingFor?.gate !== null && waitingFor?.gate !== undefined) return waitingFor.gate;
  throw new ClientError('refused', `No gate of ${client.cluster} is open: ${message}`, {
    hint: `Follow it with \`kafka-upgrade status ${client.cluster} --watch\`.`,
  });
};

const planOf = async (client: UpgradeClient): Promise<PlanAnswer> => {
  const plan = await client.plan();
  if (plan !== null) return plan;
  throw new ClientError('refused', `${client.cluster} has no plan yet.`, { hint: 'Wait a moment and try again.' });
};

const requireKnownGate = async (client: UpgradeClient, named: string): Promise<void> => {
  const gates: string[] = gatesOf((await planOf(client)).plan);
  if (gates.includes(named)) return;
  throw new ClientError('invalid', `There is no gate "${named}".`, { hint: `Gates: ${gates.join(', ')}.` });
};

/** The gate that is meant: named, or the canary's, which may be passed bare. */
const gateOf = async (client: UpgradeClient, named: string | undefined): Promise<GateName> => {
  const open = await openGate(client);
  if (named === undefined && open !== 'canary') {
    throw new ClientError('refused', `Gate "${open}" is open and must be named.`, {
      hint: `If that is what you mean: kafka-upgrade approve ${client.cluster} --gate ${open}`,
    });
  }
  if (named !== undefined && named !== open) {
    await requireKnownGate(client, named);
    throw new ClientError('refused', `Gate "${named}" is not open, "${open}" is.`, {
      hint: `Look at it with \`kafka-upgrade status ${client.cluster}\`.`,
    });
  }
  return open;
};

/** The complete answer, or null when the person at the terminal says no. */
const complete = async (
  client: UpgradeClient,
  flags: MessageFlags,
  { terminal }: CliContext,
): Promise<GateAnswerInput | null> => {
  const gate = await gateOf(client, flags.gate);
  const plan = await planOf(client);
  const answer = { ...answerOf(flags), gate };
  terminal.out(gateWords(gate, plan, terminal));
  if (flags.yes === true || flags.plan !== undefined) return withPlan(answer, plan);
  if (terminal.interactive) return askApproval({ gate, answer, plan }, terminal);
  throw new ClientError('invalid', 'There is no terminal to ask for a yes.', {
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
    const blind = flags.signal === true && flags.gate !== undefined && flags.plan !== undefined;
    const answer = blind ? answerOf(flags) : await complete(client, flags, context);
    if (answer === null) {
      context.terminal.err('Not approved; the gate stays closed.');
      context.finish(exitCodes.failed);
      return;
    }
    const result = await client.send(kind, answerPayload(answer), { signalOnly: flags.signal === true });
    reportAnswer(result, context);
  });
};

const collect = (value: string, earlier: string[] | undefined): string[] => [...(earlier ?? []), value];

/** `approve`: a person's yes to a gate. */
export const approveCommand = (context: CliContext): Command =>
  withMessage(new Command('approve').description('pass the open gate, after reading what cannot be undone'))
    .option('--gate <name>', 'plan, canary, protocol or a feature; only the canary may go unnamed')
    .option('--plan <hash>', 'first 8 digits of the plan that you have read (default: read from the upgrade)')
    .option('--disaster-recovery <text>', 'who confirms a working disaster-recovery path, and how (gate plan)')
    .option(
      '--accept <name>',
      'a topic, or controller-quorum, that a restart may leave unprotected; repeatable, * is a wildcard',
      collect,
    )
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      examples(
        'kafka-upgrade approve orders-prod --gate plan --disaster-recovery "confirmed by kim: restore test"',
        'kafka-upgrade approve orders-prod --gate canary',
        'kafka-upgrade approve orders-prod --gate protocol --plan 1a2b3c4d',
      ),
    )
    .action((cluster: string, flags: MessageFlags) => approve('approve', { cluster, flags }, context));
