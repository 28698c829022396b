import type { Command } from 'commander';
import { ClientError } from '../../client/client-error';
import type { GateAnswerInput } from '../../client/gate-answer';
import type { SendResult } from '../../client/upgrade-client';
import { defaultOperator, withConnection } from '../context';
import type { CliContext, ConnectionFlags } from '../context';
import { exitCodes } from '../exit-codes';
import { errorDocument, printJson, withJson } from '../json';
import type { JsonFlags } from '../json';
import type { MessageKind } from '../../domain/people/message';

/** Options of a message. */
export interface MessageFlags extends ConnectionFlags, GateAnswerInput, JsonFlags {
  signal?: boolean;
  yes?: boolean;
}

/** Adds who says it, why, and how it travels. */
export const withMessage = (command: Command): Command =>
  withConnection(
    withJson(
      command
        .argument('<cluster>', 'name of the cluster')
        .option('--by <name>', 'who says this (default: user@host)')
        .option('--comment <text>', 'why, for the record')
        .option('--signal', 'do not wait for an answer: Temporal stores the message'),
    ),
  );

/** A message that was sent, with its answer. */
export interface SentMessage {
  kind: MessageKind;
  result: SendResult;
}

/** What a program reads: the answer, or that it was refused. */
const messageDocument = ({ kind, result: { accepted, answer, by } }: SentMessage): object =>
  accepted
    ? { message: { kind, accepted, answer, sentAs: by } }
    : errorDocument(new ClientError('refused', answer, { hint: '' }));

/** Tells how a message went, and sets the exit code. */
export const reportAnswer = (sent: SentMessage, flags: JsonFlags, context: CliContext): void => {
  const { terminal } = context;
  const { style } = terminal.view;
  const { accepted, answer } = sent.result;
  if (flags.json === true) printJson(terminal, messageDocument(sent));
  else if (accepted) terminal.out(`${style.good('✔')} ${answer}`);
  else terminal.err(`refused: ${answer}`);
  context.finish(accepted ? exitCodes.ok : exitCodes.failed);
};

/** The answer in an operator's options, without those of the connection. */
export const answerOf = (flags: MessageFlags): GateAnswerInput => ({
  gate: flags.gate,
  park: flags.park,
  pause: flags.pause,
  plan: flags.plan,
  by: flags.by ?? defaultOperator(),
  comment: flags.comment,
  ticket: flags.ticket,
  disasterRecovery: flags.disasterRecovery,
  accept: flags.accept,
  downgrade: flags.downgrade,
});
