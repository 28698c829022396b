/** A worker on a Temporal that has never heard of this product. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { searchAttributeNames } from '../../../src/domain/upgrade/search-attributes';
import { startTemporalServer } from '../../../src/lab/provision/temporal-server';
import { readTemporalFacts } from '../../../src/worker/temporal-facts';

let directory: string;
let server: Awaited<ReturnType<typeof startTemporalServer>>;
let connection: NativeConnection;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kafka-upgrade-temporal-'));
  const dbFile = join(directory, 'temporal.db');
  server = await startTemporalServer({
    ip: '127.0.0.1',
    port: 0,
    uiPort: 0,
    dbFile,
    searchAttributes: {},
    log: () => undefined,
  });
  connection = await NativeConnection.connect({ address: server.address });
});

afterAll(async () => {
  await connection.close();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

const facts = async (namespace: string): Promise<{ known: string[]; troubles: string[] }> => {
  const troubles: string[] = [];
  const onTrouble = (message: string): void => void troubles.push(message);
  const { searchAttributes } = await readTemporalFacts({ connection, namespace, onTrouble });
  return { known: searchAttributes, troubles };
};

it('registers what is missing, once', async () => {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: server.namespace });
  expect(Object.keys(customAttributes)).not.toEqual(expect.arrayContaining(['KafkaCluster']));
  for (let time = 0; time < 2; time++) {
    const { known, troubles } = await facts(server.namespace);
    expect(known).toEqual(expect.arrayContaining([...searchAttributeNames]));
    expect(troubles).toEqual([]);
  }
});

it('goes on without them where it may not', async () => {
  const { known, troubles } = await facts('nowhere');
  expect(known).toEqual([]);
  expect(troubles).toEqual([expect.stringMatching(/^Search attributes cannot be registered in namespace nowhere \(/)]);
});
