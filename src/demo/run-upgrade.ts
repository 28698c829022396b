import type { UpgradeClient, UpgradeLook } from '../client/upgrade-client';
import type { RequestedFeatures } from '../domain/levels/finalization';
import { styleOf } from '../render/style';
import type { CommandContext } from '../render/answer-commands';
import type { Terminal } from '../terminal/terminal';
import { UpgradeWatch } from '../terminal/watch';
import type { Answerer } from './answers';
import type { Stage } from './stage';
import { rate, trafficLine } from './traffic-line';

export interface RunUpgradeInput {
  stage: Stage;
  to: string;
  features?: RequestedFeatures;
  terminal: Terminal;
  answerer: (client: UpgradeClient) => Answerer;
  /** Called with every look: tests act on it, for example by killing the worker in the middle. */
  onLook?: (look: UpgradeLook) => void;
  signal?: AbortSignal | undefined;
}

/** How printed commands reach the stage's Temporal. */
export const stageCommands = ({ session }: Stage): CommandContext => ({
  program: 'npx kafka-upgrade',
  address: session.address,
  namespace: session.namespace === 'default' ? null : session.namespace,
});

const trafficWatcher = (stage: Stage, terminal: Terminal): (() => string[]) => {
  let before = { acknowledged: stage.traffic.snapshot().acknowledged, atMs: performance.now() };
  return () => {
    const snapshot = stage.traffic.snapshot();
    const after = { acknowledged: snapshot.acknowledged, atMs: performance.now() };
    const perSecond = rate(before, after);
    before = after;
    return [trafficLine(snapshot, perSecond, terminal.drawable ? terminal.view.style : styleOf(false))];
  };
};

/** Starts the upgrade as the command line does, follows it to its end, and has its gates answered. */
export const runUpgrade = async (input: RunUpgradeInput): Promise<UpgradeLook> => {
  const { stage, terminal, signal } = input;
  const { client } = stage;
  const features = input.features === undefined ? {} : { features: input.features };
  await client.start({ target: input.to, requester: 'demo', ...features }, stage.taskQueue);
  const answerer = input.answerer(client);
  const watch = new UpgradeWatch({
    client,
    terminal,
    commands: answerer.answersHere ? null : stageCommands(stage),
    extra: trafficWatcher(stage, terminal),
    signal,
  });
  for (;;) {
    const look = await watch.until((seen) => {
      input.onLook?.(seen);
      return seen.ending !== null || answerer.wants(seen);
    });
    if (look.ending !== null) return look;
    await answerer.answer(look);
  }
};
