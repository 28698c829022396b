import { NodeConnection } from '../../src/kafka/node-connection';
import { listGroups } from '../../src/kafka/requests/list-groups';
import { ScriptedBroker } from '../support/scripted-broker';
import { array, bytes, int16, int32, text } from '../support/wire';

const LIST_GROUPS = 16;
const noGroups = bytes(int32(0), int16(0), array());
const oneGroup = bytes(int32(0), int16(0), array(bytes(text('app'), text('consumer'))));

describe('the connection to one broker', () => {
  const broker = new ScriptedBroker();
  let connection: NodeConnection;
  const options = () => ({ nodeId: 2, address: broker.address, connectTimeoutMs: 500, requestTimeoutMs: 200 });

  beforeEach(async () => {
    broker.reactions = { [LIST_GROUPS]: noGroups };
    broker.ranges = {};
    broker.negotiation = 'answer';
    broker.connections = 0;
    broker.requests.length = 0;
    await broker.start();
    connection = new NodeConnection(options());
  });

  afterEach(async () => {
    connection.close();
    await broker.stop();
  });

  it('is opened once and kept warm', async () => {
    for (let i = 0; i < 5; i++) await connection.request(listGroups);
    expect(broker.connections).toBe(1);
  });

  it('is opened once by many simultaneous requests, which are pipelined', async () => {
    await Promise.all(Array.from({ length: 50 }, () => connection.request(listGroups)));
    expect(broker.connections).toBe(1);
    expect(broker.requests).toHaveLength(50);
  });

  it('is replaced at once when the broker has been restarted', async () => {
    await connection.request(listGroups);
    await broker.stop();
    await expect(connection.request(listGroups)).rejects.toMatchObject({
      type: 'BrokerUnreachable',
      message: expect.stringMatching(/Asked node 2 at 127\.0\.0\.1:\d+ for ListGroups: connect ECONNREFUSED/),
    });
    await broker.start();
    const before = performance.now();
    await connection.request(listGroups);
    expect(performance.now() - before).toBeLessThan(100);
  });

  it('asks once more when a connection that was idle turns out to be lost', async () => {
    await connection.request(listGroups);
    let hungUp = false;
    broker.reactions[LIST_GROUPS] = () => {
      if (hungUp) return oneGroup;
      hungUp = true;
      return 'hang-up';
    };
    expect((await connection.request(listGroups)).groups).toHaveLength(1);
    expect(broker.connections).toBe(2);
  });

  it('does not ask again on a fresh connection that is lost', async () => {
    broker.reactions[LIST_GROUPS] = 'hang-up';
    await expect(connection.request(listGroups)).rejects.toThrow(/closed the connection/);
    expect(broker.requests).toHaveLength(1);
  });

  it('gives up a broker that does not answer, and connects anew for the next request', async () => {
    broker.reactions[LIST_GROUPS] = 'silence';
    await expect(connection.request(listGroups)).rejects.toMatchObject({
      type: 'BrokerUnreachable',
      message: `Asked node 2 at ${broker.address} for ListGroups: no answer to ListGroups within 200 ms.`,
      evidence: { node: 2, address: broker.address, request: 'ListGroups', afterMs: expect.any(Number) },
    });
    broker.reactions[LIST_GROUPS] = noGroups;
    await connection.request(listGroups);
    expect(broker.connections).toBe(2);
  });

  it('gives up a broker that accepts and then says nothing', async () => {
    broker.negotiation = 'silence';
    await expect(connection.request(listGroups)).rejects.toThrow('no connection within 500 ms');
  });

  it('names the versions that a broker speaks when ours is not among them', async () => {
    broker.ranges[LIST_GROUPS] = [3, 5];
    await expect(connection.request(listGroups)).rejects.toThrow('it speaks ListGroups versions 3 to 5, not 2');
  });

  it('tells an answer that cannot be read', async () => {
    broker.reactions[LIST_GROUPS] = int16(1);
    await expect(connection.request(listGroups)).rejects.toThrow('its answer of 2 bytes could not be read');
  });

  it('lets the caller give up without harm to other requests', async () => {
    await connection.request(listGroups);
    broker.reactions[LIST_GROUPS] = 'silence';
    const caller = new AbortController();
    const given = connection.request(listGroups, caller.signal);
    caller.abort(new Error('cancelled'));
    await expect(given).rejects.toThrow('cancelled');
    broker.reactions[LIST_GROUPS] = noGroups;
    await connection.request(listGroups);
    expect(broker.connections).toBe(1);
  });

  it('asks nothing for a caller who has given up already', async () => {
    await expect(connection.request(listGroups, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(broker.connections).toBe(0);
  });

  it('is dropped when the broker is about to be restarted', async () => {
    await connection.request(listGroups);
    broker.reactions[LIST_GROUPS] = 'silence';
    const waiting = connection.request(listGroups);
    await new Promise(setImmediate);
    connection.drop();
    await expect(waiting).rejects.toThrow('was dropped');
    broker.reactions[LIST_GROUPS] = noGroups;
    await connection.request(listGroups);
    expect(broker.connections).toBe(2);
  });

  it('stays closed', async () => {
    connection.close();
    await expect(connection.request(listGroups)).rejects.toThrow('the reader was closed');
  });

  it('speaks TLS when told to, and says so when the broker does not', async () => {
    const secured = new NodeConnection({ ...options(), security: { ssl: { rejectUnauthorized: true } } });
    await expect(secured.request(listGroups)).rejects.toMatchObject({ type: 'BrokerUnreachable' });
    secured.close();
  });
});
