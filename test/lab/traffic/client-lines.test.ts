import { parseClientLine } from '../../../src/lab/traffic/client-lines';

// Lines as VerifiableProducer and VerifiableConsumer of Kafka 3.7.2 print them.
const ACKNOWLEDGED =
  '{"timestamp":1795439344561,"name":"producer_send_success","key":"17","value":"1795439340.17","partition":4,"offset":3,"topic":"orders"}';
const CONSUMED =
  '{"timestamp":1795439344600,"name":"record_data","key":"17","value":"1795439340.17","topic":"orders","partition":4,"offset":3}';

describe('the lines of the verifiable clients', () => {
  it('are read as acknowledgements and consumptions of this run', () => {
    const place = { value: 17, partition: 4, offset: 3 };
    expect(parseClientLine(ACKNOWLEDGED, 1795439340)).toEqual({ kind: 'acknowledged', ...place });
    expect(parseClientLine(CONSUMED, 1795439340)).toEqual({ kind: 'consumed', ...place });
  });

  it('are passed over when their record is from another run', () => {
    expect(parseClientLine(CONSUMED, 1795439341)).toBeNull();
  });

  it('are passed over when their value is not a run and a number', () => {
    expect(parseClientLine(CONSUMED.replace('1795439340.17', '1795439340.x'), 1795439340)).toBeNull();
    expect(parseClientLine(CONSUMED.replace('1795439340.17', '17'), 17)).toBeNull();
  });

  it('tell what the producer gave up on', () => {
    const line =
      '{"timestamp":1,"name":"producer_send_error","exception":"class org.apache.kafka.common.errors.TimeoutException","message":"Expiring 1 record(s)","topic":"orders","key":"1","value":"1.1"}';
    expect(parseClientLine(line, 1)).toEqual({
      kind: 'failed',
      message: 'org.apache.kafka.common.errors.TimeoutException: Expiring 1 record(s)',
    });
  });

  it('tell of assignments of partitions', () => {
    expect(parseClientLine('{"timestamp":1,"name":"partitions_assigned","partitions":[]}', 1)).toEqual({
      kind: 'partitions-assigned',
    });
    expect(parseClientLine('{"timestamp":1,"name":"partitions_revoked","partitions":[]}', 1)).toEqual({
      kind: 'partitions-revoked',
    });
  });

  it.each(['', 'plain text', '{"name":', '{"timestamp":1,"name":"startup_complete"}', '{"name":"record_data"}'])(
    'that hold nothing for the ledger are passed over: %j',
    (line) => {
      expect(parseClientLine(line, 1)).toBeNull();
    },
  );
});
