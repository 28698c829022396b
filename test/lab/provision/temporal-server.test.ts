import { acquireTemporal, serverArguments } from '../../../src/lab/provision/temporal-server';

const options = { ip: '127.0.0.9', port: 7233, uiPort: 8233 };

describe('serverArguments', () => {
  it('registers the search attributes of the product and keeps histories in the given file', () => {
    const args = serverArguments({ ...options, dbFile: '/data/temporal.db' }).join(' ');
    expect(args).toContain('server start-dev');
    expect(args).toContain('--ip 127.0.0.9 --port 7233 --ui-port 8233 --db-filename /data/temporal.db');
    expect(args).toContain('--search-attribute KafkaCluster=Keyword');
    expect(args).toContain('--search-attribute UpgradeAttention=Bool');
  });

  it('passes server settings as JSON values', () => {
    const dynamicConfig = { 'history.transferProcessorMaxPollRPS': 1000, 'some.name': 'x' };
    const args = serverArguments({ ...options, dynamicConfig, searchAttributes: {} });
    expect(args.slice(-4)).toEqual([
      '--dynamic-config-value',
      'history.transferProcessorMaxPollRPS=1000',
      '--dynamic-config-value',
      'some.name="x"',
    ]);
  });
});

describe('acquireTemporal', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  it('uses the service at TEMPORAL_ADDRESS, says so, and never stops it', async () => {
    process.env['TEMPORAL_ADDRESS'] = 'temporal.example:7233';
    process.env['TEMPORAL_NAMESPACE'] = 'operations';
    const lines: string[] = [];
    const endpoint = await acquireTemporal({ ...options, log: (line) => lines.push(line) });
    await endpoint.stop();
    expect(endpoint).toMatchObject({ address: 'temporal.example:7233', namespace: 'operations' });
    expect(lines).toEqual(['Temporal: using temporal.example:7233 (TEMPORAL_ADDRESS is set); no server is started']);
  });
});
