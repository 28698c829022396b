/** The world outside of a leg: a real receiver of notices and a real Alertmanager, named in the definition of the lab. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { UpgradeLook } from '../../../src/client/upgrade-client';
import type { Stage } from '../../../src/demo/stage';
import { NoticeReceiver } from '../../support/notice-receiver';
import { startAlertmanager } from '../../support/real-alertmanager';
import type { RealAlertmanager } from '../../support/real-alertmanager';

export interface OutsideWatch {
  receiver: NoticeReceiver;
  alerts: RealAlertmanager;
  /** States of the silences that were seen in looks while a node was rolled. */
  seenWhileRolling: string[];
  look: (look: UpgradeLook) => void;
  stop: () => Promise<void>;
}

const isRolling = ({ status }: UpgradeLook): boolean =>
  status.nodes.some((node) => [node.binaries, node.rollback].some((progress) => progress?.state === 'rolling'));

/** Starts both and writes them into the definition; the upgrade must not have been started yet. */
export const watchOutside = async (stage: Stage): Promise<OutsideWatch> => {
  const receiver = await new NoticeReceiver().start();
  const alerts = await startAlertmanager();
  const urlFile = join(stage.directory, 'notices-url');
  writeFileSync(urlFile, `${receiver.url}/hook`);
  const file = join(stage.lab.definitionsDirectory, 'lab.yaml');
  const document = parseDocument(readFileSync(file, 'utf8'));
  document.set('notifications', [{ name: 'test', type: 'webhook', urlFile }]);
  document.set('alertSilence', { alertmanager: alerts.url, matchers: [{ name: 'cluster', value: 'lab' }] });
  writeFileSync(file, document.toString());
  const seenWhileRolling: string[] = [];
  const look = (seen: UpgradeLook): void => {
    if (!isRolling(seen)) return;
    void alerts.silences().then((silences) => seenWhileRolling.push(...silences.map(({ status }) => status.state)));
  };
  const stop = async (): Promise<void> => {
    await receiver.stop();
    await alerts.stop();
  };
  return { receiver, alerts, seenWhileRolling, look, stop };
};
