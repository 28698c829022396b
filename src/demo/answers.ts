/** Who answers the gates of the demo: nobody's terminal (`--yes`), the person at the terminal, or a person elsewhere. */
import { answerPayload, missingAnswers, withPlan } from '../client/gate-answer';
import type { GateAnswerInput } from '../client/gate-answer';
import type { UpgradeClient, UpgradeLook } from '../client/upgrade-client';
import type { GateName } from '../domain/policy/gate-name';
import type { WaitingFor } from '../domain/upgrade/upgrade-status';
import { planView } from '../render/plan-view';
import { askApproval, gateWords } from '../terminal/ask-approval';
import { confirm } from '../terminal/terminal';
import type { Terminal } from '../terminal/terminal';
import type { PlanAnswer } from '../workflows/messages';

/** Answers what an upgrade waits for. */
export interface Answerer {
  /** False when a person elsewhere answers, who has to be told how. */
  answersHere: boolean;
  /** True when this look needs an answer from here. */
  wants: (look: UpgradeLook) => boolean;
  answer: (look: UpgradeLook) => Promise<void>;
}

const waitingOf = (look: UpgradeLook): WaitingFor | null => (look.ending === null ? look.status.waitingFor : null);

/** What a wait is known by: the same one is not answered twice. */
const keyOf = ({ kind, gate, question }: WaitingFor): string => `${kind} ${gate ?? question}`;

const planOf = async (client: UpgradeClient): Promise<PlanAnswer> => {
  const plan = await client.plan();
  if (plan === null) throw new Error('A gate is open, but there is no plan.');
  return plan;
};

/** Answers every gate with yes, by real signals such as `temporal workflow signal` sends; ends what is parked. */
export const yesToAll = (client: UpgradeClient, log: (line: string) => void): Answerer => {
  const answered = new Set<string>();
  const approve = async (gate: GateName): Promise<void> => {
    const plan = await planOf(client);
    const answer: GateAnswerInput = { ...withPlan({ by: 'demo --yes' }, plan), gate };
    const missing = missingAnswers(gate, answer, plan);
    if (missing.disasterRecovery) answer.disasterRecovery = 'confirmed by the demo: this cluster can be made again';
    if (missing.accept.length > 0) answer.accept = missing.accept;
    const payload = answerPayload(answer);
    log(`signal approve ${JSON.stringify(payload)}`);
    await client.send('approve', payload, { signalOnly: true });
  };
  return {
    answersHere: true,
    wants: (look) => {
      const waiting = waitingOf(look);
      return waiting !== null && !answered.has(keyOf(waiting));
    },
    answer: async (look) => {
      const waiting = waitingOf(look);
      if (waiting === null) return;
      answered.add(keyOf(waiting));
      if (waiting.gate !== null) return approve(waiting.gate);
      if (waiting.kind === 'paused') return;
      log(`parked: ${waiting.question}`);
      log('signal abort: nobody is there to repair it');
      await client.send('abort', { by: 'demo --yes', comment: waiting.question }, { signalOnly: true });
    },
  };
};

const askGate = async (client: UpgradeClient, gate: GateName, terminal: Terminal): Promise<void> => {
  const plan = await planOf(client);
  // The view above shows no plan, and nobody approves what he has not read.
  if (gate === 'plan') terminal.out(`\n${planView(plan, terminal.view)}`);
  terminal.out(`\n${gateWords(gate, plan, terminal)}`);
  const answer = await askApproval({ gate, answer: {}, plan }, terminal);
  if (answer !== null) {
    const { accepted, answer: words } = await client.send('approve', answerPayload(answer));
    if (!accepted) terminal.out(`refused: ${words}`);
  } else if (await confirm(terminal, '  Reject, which ends the upgrade?')) {
    await client.send('reject', { gate });
  }
};

/** The answer as it stands above the question: it names the park or the pause that the person has read. */
const shownAnswer = ({ answers }: WaitingFor, kind: string): object =>
  JSON.parse(answers.find(({ signal }) => signal === kind)?.payload ?? '{}') as object;

/** Asks the person at the terminal. */
export const askAtTerminal = (client: UpgradeClient, terminal: Terminal): Answerer => ({
  answersHere: true,
  wants: (look) => waitingOf(look) !== null,
  answer: async (look) => {
    const waiting = waitingOf(look);
    if (waiting === null) return;
    if (waiting.gate !== null) return askGate(client, waiting.gate, terminal);
    const words = waiting.kind === 'parked' ? 'retry' : 'resume';
    const reply = await terminal.ask(`\n  ${words} or abort? `);
    if (reply === 'abort') await client.send(reply, {});
    if (reply === words) await client.send(reply, shownAnswer(waiting, words));
  },
});

/** Nobody is asked: the view shows the commands, and somebody sends one. */
export const answeredElsewhere: Answerer = { answersHere: false, wants: () => false, answer: () => Promise.resolve() };
