import { checkClients } from '../../../src/domain/checks/client-checks';
import { checkResources } from '../../../src/domain/checks/resource-checks';
import { checkClusterRisks } from '../../../src/domain/checks/risk-checks';
import { noRisks } from '../../../src/domain/checks/risk-facts';
import { checkZooKeeper } from '../../../src/domain/checks/zookeeper';
import { snapshot } from '../../support/snapshot';

describe('no risks', () => {
  const given = snapshot({ risks: noRisks });

  it.each([
    ['the cluster', checkClusterRisks(given)],
    ['its hosts', checkResources(given)],
    ['its clients, where the target takes every request', checkClients(given, { target: '3.8.1' })],
    ['its ZooKeeper', checkZooKeeper(given, '3.9.2')],
  ])('give no finding about %s', (_what, findings) => {
    expect(findings).toEqual([]);
  });
});
