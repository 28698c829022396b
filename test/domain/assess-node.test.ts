import { checkNode, checkProtocol, checkVersion } from '../../src/domain/assess-node';
import { healthy, partitionOf, viewOf } from '../support/healthy-measurement';

const expected = (overrides = {}) => ({ nodeId: 2, version: '3.8.1', protocol: '3.7', ...overrides });

describe('the protocol that a broker speaks', () => {
  it.each([
    ['3.7', 'successful', 'broker 2 speaks protocol 3.7'],
    ['3.7-IV4', 'successful', 'broker 2 speaks protocol 3.7-IV4'],
    ['3.8', 'failed', 'broker 2 speaks protocol 3.8, not 3.7'],
    [null, 'inconclusive', 'the protocol that broker 2 speaks cannot be read'],
  ])('%s, with 3.7 planned, is %s', (running, status, message) => {
    expect(checkProtocol(running, expected())).toEqual([{ name: 'running protocol', status, message }]);
  });

  it('is not asked for on KRaft', () => {
    expect(checkProtocol(null, expected({ protocol: null }))).toEqual([]);
  });
});

describe('a restarted node', () => {
  it('must not be out of any ISR in any view: the worst one speaks', () => {
    const behind = { ...partitionOf('orders', [1, 2, 3], 4), isr: [1, 3] };
    const measurement = { ...healthy(), views: [viewOf(1, [1, 2, 3], []), viewOf(3, [1, 2, 3], [behind])] };
    const checks = checkNode(measurement, expected(), '3.7');
    expect(checks).toContainEqual({
      name: 'replicas in sync',
      status: 'failed',
      message: 'broker 2 is still out of 1 ISRs: orders-4',
    });
  });

  it('whose version nobody tells proves nothing', () => {
    const measurement = { ...healthy(), gauges: {} };
    expect(checkVersion(measurement, expected()).status).toBe('inconclusive');
  });
});
