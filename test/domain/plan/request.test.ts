import fc from 'fast-check';
import { UpgradeError } from '../../../src/domain/common/failure';
import { clusterOf, nodeWorkflowIdOf, parseRequest, workflowIdOf } from '../../../src/domain/plan/request';

const minimal = { cluster: 'orders-prod', target: '3.8.1' };

const fateOf = (input: unknown): string => {
  try {
    parseRequest(input);
    return 'read';
  } catch (error) {
    return error instanceof UpgradeError ? error.type : String(error);
  }
};

describe('a start input', () => {
  it('of cluster and target is enough', () => {
    expect(parseRequest(minimal)).toEqual({
      ...minimal,
      requester: null,
      ticket: null,
      canary: null,
      features: {},
      takeOver: false,
    });
  });

  it('is trimmed, and null means left out', () => {
    const typed = { cluster: ' orders-prod ', target: '3.8.1\n', requester: null, canary: null, takeOver: null };
    expect(parseRequest(typed)).toMatchObject(minimal);
  });

  it('keeps everything that was said', () => {
    const full = {
      ...minimal,
      requester: 'kim',
      ticket: 'OPS-7',
      canary: 0,
      features: { 'metadata.version': '4.0', 'share.version': false, 'transaction.version': 2 },
      takeOver: true,
    };
    expect(parseRequest(full)).toEqual(full);
  });

  it.each([
    [undefined, 'one JSON object'],
    [null, 'one JSON object'],
    ['{"cluster":"a"}', 'one JSON object'],
    [[minimal], 'one JSON object'],
    [{}, '"cluster"'],
    [{ cluster: '', target: '3.8.1' }, '"cluster"'],
    [{ cluster: 'a', target: '  ' }, '"target"'],
    [{ cluster: 'a', target: 3.8 }, '"target"'],
    [{ ...minimal, requester: 7 }, '"requester"'],
    [{ ...minimal, ticket: '' }, '"ticket"'],
    [{ ...minimal, canary: '1' }, '"canary" must be a node id'],
    [{ ...minimal, canary: -1 }, '"canary" must be a node id'],
    [{ ...minimal, canary: 1.5 }, '"canary" must be a node id'],
    [{ ...minimal, features: ['a'] }, '"features" must be an object'],
    [{ ...minimal, features: { 'share.version': true } }, '"share.version" is none of these'],
    [{ ...minimal, takeOver: 'true' }, '"takeOver" must be true or false'],
    [{ ...minimal, clutser: 'x', force: 1 }, 'unknown field "clutser", "force" (known: cluster, target'],
  ])('%j is refused with the reason and an example', (input, words) => {
    expect(fateOf(input)).toBe('InvalidRequest');
    expect(() => parseRequest(input)).toThrow(words);
    expect(() => parseRequest(input)).toThrow('{"cluster":"orders-prod","target":"3.8.1"}');
  });

  it('is either read or refused by name, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        expect(['read', 'InvalidRequest']).toContain(fateOf(input));
      }),
    );
  });

  it('names the workflows', () => {
    expect(workflowIdOf('a')).toBe('kafka-upgrade/a');
    expect(nodeWorkflowIdOf('a', 'binaries', 3)).toBe('kafka-upgrade/a/binaries/3');
  });

  it.each([
    ['kafka-upgrade/orders-prod', 'orders-prod'],
    ['kafka-upgrade/kafka-upgrade/a', 'kafka-upgrade/a'],
    ['other/kafka-upgrade/a', 'other/kafka-upgrade/a'],
    ['nightly', 'nightly'],
    ['', ''],
  ])('knows the cluster of workflow %j: %j', (workflowId, cluster) => {
    expect(clusterOf(workflowId)).toBe(cluster);
  });
});
