/** One real upgrade, or half of one, as the tests drive it: every gate is answered, by yes or by what the test says. */
import type { UpgradeClient, UpgradeLook } from '../../../src/client/upgrade-client';
import { yesToAll } from '../../../src/demo/answers';
import type { Answerer } from '../../../src/demo/answers';
import { runUpgrade } from '../../../src/demo/run-upgrade';
import { openStage } from '../../../src/demo/stage';
import type { Stage, StageOptions } from '../../../src/demo/stage';
import type { GateName } from '../../../src/domain/policy/gate-name';
import type { RequestedFeatures } from '../../../src/domain/levels/finalization';
import { silentTerminal } from '../../../src/terminal/silent-terminal';

/** A stage of three brokers (and three controllers, where they are apart) that goes away with the test. */
export const openTestStage = (options: Pick<StageOptions, 'mode' | 'from' | 'to' | 'lab'>): Promise<Stage> =>
  openStage({ ...options, brokers: 3, controllers: 3, keep: false, log: () => undefined });

export interface LegInput {
  stage: Stage;
  to: string;
  features?: RequestedFeatures;
  /** At this gate the old binaries are asked back instead. */
  rollBackAt?: GateName;
  onLook?: (look: UpgradeLook, client: UpgradeClient) => void;
}

const answerer =
  (rollBackAt: GateName | undefined) =>
  (client: UpgradeClient): Answerer => {
    const yes = yesToAll(client, () => undefined);
    let asked = false;
    return {
      ...yes,
      answer: async (look) => {
        if (look.status.waitingFor?.gate !== rollBackAt || rollBackAt === undefined) return yes.answer(look);
        if (asked) return;
        asked = true;
        await client.send('rollback', { by: 'test', comment: `at gate ${rollBackAt}` }, { signalOnly: true });
      },
    };
  };

/** Starts the upgrade, answers its gates, and resolves when it has ended. */
export const upgradeLeg = ({ stage, to, features, rollBackAt, onLook }: LegInput): Promise<UpgradeLook> =>
  runUpgrade({
    stage,
    to,
    ...(features === undefined ? {} : { features }),
    terminal: silentTerminal,
    answerer: answerer(rollBackAt),
    onLook: (look) => onLook?.(look, stage.client),
  });

/** What every node says of itself, `version level`. */
export const running = async (stage: Stage): Promise<string[]> =>
  (await stage.facts()).map(({ version, protocol }) => `${version} ${protocol}`);
