/** The messages beside `approve`. */
import { Command } from 'commander';
import { answerPayload } from '../../client/gate-answer';
import type { MessageKind } from '../../domain/people/message';
import { examples, withUpgrade } from '../context';
import type { CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { approve } from './approve';
import { commandOf } from '../../render/answer-commands';
import { parkOption, pauseOption, withHold } from './hold-meant';
import { answerOf, reportAnswer, withMessage } from './message-options';
import type { MessageFlags } from './message-options';

const sender =
  (kind: MessageKind, context: CliContext) =>
  async (cluster: string, flags: MessageFlags): Promise<void> => {
    const result = await withUpgrade(cluster, flags, (client) =>
      client.send(kind, answerPayload(answerOf(flags)), { signalOnly: flags.signal === true }),
    );
    reportAnswer({ kind, result }, flags, context);
  };

const simple =
  (kind: MessageKind, description: string, ...lines: string[]) =>
  (context: CliContext): Command =>
    withMessage(new Command(commandOf(kind)).description(description))
      .addHelpText('after', examples(...lines))
      .action(sender(kind, context));

/** `pause`: no further node is touched. */
export const pauseCommand = simple(
  'pause',
  'touch no further node after the current one',
  'kafka-upgrade pause orders-prod --comment "sale until noon"',
);

/** `confirm-dr`: somebody knows that the disaster-recovery path works. */
export const confirmDrCommand = simple(
  'confirmDr',
  'confirm that the disaster-recovery path works, before the plan is approved or instead of saying so there',
  'kafka-upgrade confirm-dr orders-prod --by jane --comment "restore test of Monday"',
);

/** Sends what answers a park, a pause or an expired gate: named by an option, or shown and said yes to. */
const holdSender =
  (kind: 'retry' | 'resume', context: CliContext) =>
  (cluster: string, flags: MessageFlags): Promise<void> =>
    withUpgrade(cluster, flags, async (client) => {
      const answer = await withHold(kind, { client, flags }, context);
      if (answer === null) {
        context.terminal.err('Nothing was sent.');
        context.finish(exitCodes.failed);
        return;
      }
      const result = await client.send(kind, answerPayload(answer), { signalOnly: flags.signal === true });
      reportAnswer({ kind, result }, flags, context);
    });

/** `retry`: the parked step again. */
export const retryCommand = (context: CliContext): Command =>
  withMessage(
    new Command('retry').description('try the parked step again after a repair, or ask again at a gate that expired'),
  )
    .addOption(parkOption('the park that you have read and repaired (default: shows what is parked, and asks)'))
    .option('--gate <name>', 'ask again at this gate, which expired')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('kafka-upgrade retry orders-prod', 'kafka-upgrade retry orders-prod --park 1'))
    .action(holdSender('retry', context));

/** `abort`: end at the next safe point. */
export const abortCommand = simple(
  'abort',
  'end the upgrade at the next safe point; a stopped node is brought back first unless it is parked, nothing is rolled back',
  'kafka-upgrade abort orders-prod --comment "wrong week"',
);

/** `rollback`: the old binaries back, while that is possible. */
export const rollbackCommand = (context: CliContext): Command =>
  withMessage(new Command('rollback').description('put the old binaries back, one node at a time under the same gates'))
    .option('--downgrade', 'lower raised features first, where that is possible (KRaft)')
    .addHelpText(
      'after',
      examples(
        'kafka-upgrade rollback orders-prod --comment "consumers fail on the new brokers"',
        'kafka-upgrade rollback orders-kraft --downgrade --comment "transactions fail"',
      ),
    )
    .action(sender('rollback', context));

/** `reject`: no to an open gate. */
export const rejectCommand = (context: CliContext): Command =>
  withMessage(new Command('reject').description('say no to the open gate; the upgrade ends there'))
    .option('--gate <name>', 'plan, canary, protocol or a feature')
    .addHelpText('after', examples('kafka-upgrade reject orders-prod --gate plan --comment "not this week"'))
    .action(sender('reject', context));

/** `resume`: go on after a pause or a repair; with a gate it is the same as `approve`. */
export const resumeCommand = (context: CliContext): Command =>
  withMessage(new Command('resume').description('go on after a pause or a repair; passes no gate that is not named'))
    .addOption(pauseOption())
    .addOption(parkOption('do this park again, like retry'))
    .option('--gate <name>', 'pass this gate, like approve')
    .option('--plan <hash>', 'first 8 digits of the plan that you have read')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('kafka-upgrade resume orders-prod', 'kafka-upgrade resume orders-prod --pause 1'))
    .action((cluster: string, flags: MessageFlags) =>
      flags.gate === undefined
        ? holdSender('resume', context)(cluster, flags)
        : approve('resume', { cluster, flags }, context),
    );
