import type { Command } from 'commander';
import type { GateAnswerInput } from '../../client/gate-answer';
import type { SendResult } from '../../client/upgrade-client';
import { defaultOperator, withConnection } from '../context';
import type { CliContext, ConnectionFlags } from '../context';
import { exitCodes } from '../exit-codes';

/** Options of a message. */
export interface MessageFlags extends ConnectionFlags, GateAnswerInput {
  signal?: boolean;
  yes?: boolean;
}

/** Adds who says it, why, and how it travels. */
export const withMessage = (command: Command): Command =>
  withConnection(
    command
      .argument('<cluster>', 'name of the cluster')
      .option('--by <name>', 'who says this (default: user@host)')
      .option('--comment <text>', 'why, for the record')
      .option('--signal', 'do not wait for an answer: Temporal stores the message'),
  );

/** Tells how a message went, and sets the exit code. */
export const reportAnswer = (result: SendResult, context: CliContext): void => {
  const { terminal } = context;
  const { style } = terminal.view;
  if (result.accepted) terminal.out(`${style.good('✔')} ${result.answer}`);
  else terminal.err(`refused: ${result.answer}`);
  context.finish(result.accepted ? exitCodes.ok : exitCodes.failed);
};

/** The answer in an operator's options, without those of the connection. */
export const answerOf = (flags: MessageFlags): GateAnswerInput => ({
  gate: flags.gate,
  plan: flags.plan,
  by: flags.by ?? defaultOperator(),
  comment: flags.comment,
  disasterRecovery: flags.disasterRecovery,
  accept: flags.accept,
  downgrade: flags.downgrade,
});
