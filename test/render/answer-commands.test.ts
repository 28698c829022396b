import { ownCommand, shellQuote, temporalCommand } from '../../src/render/answer-commands';

const here = { program: 'kafka-upgrade', address: null, namespace: null };

const approval = {
  signal: 'approve',
  payload: '{"gate":"plan","plan":"1a2b3c4d","disasterRecovery":"confirmed by <name>: <how>","accept":["a b","c"]}',
};

describe('ownCommand', () => {
  it('turns the payload into options and leaves the hash to the command', () => {
    expect(ownCommand(approval, 'orders', here)).toBe(
      "kafka-upgrade approve orders --gate plan --disaster-recovery 'confirmed by <name>: <how>' --accept 'a b' --accept c",
    );
  });

  it('names the server where the default would reach another one', () => {
    const command = ownCommand({ signal: 'retry', payload: '{"park":2}' }, 'orders', {
      program: 'node dist/cli/main.js',
      address: '127.0.0.1:7400',
      namespace: 'kafka',
    });
    expect(command).toBe('node dist/cli/main.js retry orders --park 2 --address 127.0.0.1:7400 --namespace kafka');
  });
});

describe('ownCommand of a rollback', () => {
  it('lowers features only where the payload says so', () => {
    const command = (payload: string): string => ownCommand({ signal: 'rollback', payload }, 'orders', here);
    expect(command('{"downgrade":true,"comment":"why"}')).toBe(
      'kafka-upgrade rollback orders --downgrade --comment why',
    );
    expect(command('{"comment":"why"}')).toBe('kafka-upgrade rollback orders --comment why');
    expect(command('{"downgrade":false}')).toBe('kafka-upgrade rollback orders');
  });
});

describe('temporalCommand', () => {
  it('holds the JSON in single quotes', () => {
    expect(temporalCommand({ signal: 'retry', payload: '{}' }, 'kafka-upgrade/orders', here)).toBe(
      "temporal workflow signal --workflow-id kafka-upgrade/orders --name retry --input '{}'",
    );
  });
});

describe('shellQuote', () => {
  it('survives quotes inside', () => {
    expect(shellQuote("it's")).toBe("'it'\\''s'");
  });
});
