/** Which park, pause or expired gate do `retry` and `resume` answer? One that the operator names, or has just read. */
import { InvalidArgumentError, Option } from 'commander';
import { ClientError } from '../../client/client-error';
import type { GateAnswerInput } from '../../client/gate-answer';
import type { UpgradeClient } from '../../client/upgrade-client';
import type { UpgradeStatus } from '../../domain/upgrade/upgrade-status';
import { wrapIndented } from '../../render/format';
import { confirm } from '../../terminal/terminal';
import type { Terminal } from '../../terminal/terminal';
import type { CliContext } from '../context';
import { answerOf } from './message-options';
import type { MessageFlags } from './message-options';

const count = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number from 1 on, as `kafka-upgrade status` shows it.');
};

/** `--park`: the number of the park that is answered. */
export const parkOption = (what: string): Option => new Option('--park <number>', what).argParser(count);

/** `--pause`: the number of the pause that is lifted. */
export const pauseOption = (): Option =>
  new Option('--pause <number>', 'the pause that is lifted, as the status shows it').argParser(count);

type Hold = Pick<GateAnswerInput, 'park' | 'pause' | 'gate'>;

/** What waits for this message; nothing named where nothing does, which the upgrade itself refuses with the reason. */
export const holdMeant = (
  kind: 'retry' | 'resume',
  { park, pause, waitingFor }: Pick<UpgradeStatus, 'park' | 'pause' | 'waitingFor'>,
): Hold => {
  if (kind === 'resume' && pause !== null) return { pause };
  if (park !== null) return { park };
  const gate = waitingFor?.gate ?? null;
  const expired = waitingFor?.answers.some(({ signal }) => signal === 'retry') === true;
  return kind === 'retry' && gate !== null && expired ? { gate } : {};
};

const holdWords = ({ park, pause, gate }: Hold): string => {
  if (park !== undefined) return `park ${park}`;
  return pause === undefined ? `gate "${gate ?? ''}"` : `pause ${pause}`;
};

const show = (hold: Hold, { waitingFor }: UpgradeStatus, { out, view }: Terminal): void => {
  const behind = hold.pause !== undefined && waitingFor?.kind !== 'paused';
  const question = behind ? 'It is paused, too.' : (waitingFor?.question ?? '');
  out([view.style.strong(holdWords(hold)), ...wrapIndented(question, 2, view.width)].join('\n'));
};

const optionOf = ({ park, pause, gate }: Hold): string => {
  if (park !== undefined) return `--park ${park}`;
  return pause === undefined ? `--gate ${gate ?? ''}` : `--pause ${pause}`;
};

/** Asks for the yes to what was shown; false when the person says no. */
const isMeant = async (hold: Hold, flags: MessageFlags, terminal: Terminal): Promise<boolean> => {
  if (flags.yes === true) return true;
  if (terminal.interactive && flags.json !== true) return confirm(terminal, `  Go on with ${holdWords(hold)}?`);
  throw new ClientError('invalid', 'There is nobody to ask for a yes.', {
    hint: `Say what you have read (${optionOf(hold)}), or pass --yes.`,
  });
};

/** The answer with the number of what it is for; null when the person at the terminal says no. */
export const withHold = async (
  kind: 'retry' | 'resume',
  { client, flags }: { client: Pick<UpgradeClient, 'look'>; flags: MessageFlags },
  { terminal }: CliContext,
): Promise<GateAnswerInput | null> => {
  const answer = answerOf(flags);
  if ([flags.park, flags.pause, flags.gate].some((named) => named !== undefined)) return answer;
  const { status, ending } = await client.look();
  const hold = ending === null ? holdMeant(kind, status) : {};
  if (Object.keys(hold).length === 0) return answer;
  if (flags.json !== true) show(hold, status, terminal);
  return (await isMeant(hold, flags, terminal)) ? { ...answer, ...hold } : null;
};
