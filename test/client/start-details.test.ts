import { startDetails } from '../../src/client/start-details';
import { parseRequest } from '../../src/domain/plan/request';

describe('startDetails', () => {
  it('says what was asked for, by whom and why, whatever it holds', () => {
    const request = parseRequest({
      cluster: 'orders_prod',
      target: '4.3.0',
      requester: 'kim | ops',
      ticket: 'CHG-1042',
      canary: 2,
      features: { 'metadata.version': '4.2', 'share.version': false },
      takeOver: true,
    });
    expect(startDetails(request).split('\n')).toEqual([
      'Upgrade of the Kafka cluster **orders\\_prod** to **4.3.0**, in two phases, one node at a time.',
      '',
      '- Requested by kim \\| ops',
      '- Ticket CHG-1042',
      '- Node 2 first',
      '- Features: metadata.version 4.2, share.version as it is',
      '- Takes the lock on the hosts from an upgrade that is certainly dead',
      expect.stringContaining('gate `plan`'),
    ]);
  });

  it('says no more than was asked', () => {
    expect(startDetails(parseRequest({ cluster: 'orders', target: '3.8.1' })).split('\n')).toHaveLength(3);
  });
});
