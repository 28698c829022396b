import {
  failureClass,
  failureHint,
  failures,
  isPermanent,
  splitHint,
  UpgradeError,
  withHint,
} from '../../../src/domain/common/failure';
import type { FailureClass, FailureType } from '../../../src/domain/common/failure';

const entries = Object.entries(failures);

const typesOf = (wanted: FailureClass): string[] =>
  entries.filter(([, entry]) => entry.class === wanted).map(([type]) => type);

describe('the class of a failure', () => {
  it('is transient where the same step may go well the next time', () => {
    expect(typesOf('transient').sort()).toEqual([
      'AlertmanagerFailed',
      'BrokerUnreachable',
      'CommandFailed',
      'CommandTimedOut',
      'DefinitionMissing',
      'GateTooOld',
      'NotificationFailed',
      'OutcomeUnknown',
      'SshUnreachable',
    ]);
  });

  it('is blocked where the world has to change first, and may by itself', () => {
    expect(typesOf('blocked').sort()).toEqual([
      'HostLost',
      'LevelsForbid',
      'LevelsUnreadable',
      'MinIsrChanged',
      'NoWorker',
      'NodeUnhealthy',
      'RestartEndedByHand',
      'SnapshotMissing',
      'StartFailed',
      'StartTimedOut',
      'StartedElsewhere',
      'StopTimedOut',
      'UncleanShutdown',
      'WorkerLost',
      'WrongProtocol',
      'WrongRelease',
    ]);
  });

  it.each<FailureType>([
    'ChecksumMismatch',
    'ClusterRefused',
    'ConfigDrift',
    'DisasterRecoveryUnconfirmed',
    'DiskFull',
    'HostKeyMismatch',
    'HostRefused',
    'InvalidDefinition',
    'InvalidRequest',
    'LeaseHeld',
    'LeaseStale',
    'LeaseUnreadable',
    'LinkNotReplaceable',
    'OtherClusterLease',
    'PlanBlocked',
    'PlanHashMismatch',
    'PropertiesUnreadable',
    'ReleaseMissing',
    'SettingsRefused',
    'SshAuthenticationFailed',
    'UnknownCluster',
    'UnsupportedUpgradePath',
    'WrongNodeOnHost',
    'WrongWorkflowId',
  ])('is fatal for %s: to try again changes nothing', (type) => {
    expect(failureClass(type)).toBe('fatal');
  });

  it.each([undefined, null, '', 'Other', 'constructor', 'toString', '__proto__', 'sshunreachable'])(
    'is transient for %j, which is not ours',
    (type) => {
      expect(failureClass(type)).toBe('transient');
      expect(failureHint(type)).toBe('Read the evidence; repair; then send `retry` (or `abort`).');
    },
  );
});

describe('a permanent failure', () => {
  it.each<FailureType>([
    'ChecksumMismatch',
    'HostRefused',
    'LeaseHeld',
    'LeaseStale',
    'LinkNotReplaceable',
    'PropertiesUnreadable',
    'ReleaseMissing',
    'SshAuthenticationFailed',
  ])('is %s: another try on the same host cannot cure it', (type) => {
    expect(isPermanent(type)).toBe(true);
  });

  it.each<FailureType | undefined>([
    'BrokerUnreachable',
    'CommandFailed',
    'CommandTimedOut',
    'GateTooOld',
    'NodeUnhealthy',
    'SshUnreachable',
    'StartFailed',
    undefined,
  ])('is not %s: it may pass', (type) => {
    expect(isPermanent(type)).toBe(false);
  });
});

describe('the hint of a failure', () => {
  it.each(entries)('of %s is a sentence', (type, { hint }) => {
    expect(failureHint(type)).toBe(hint);
    expect(hint).toMatch(/^\S.*[^.]\.$/s);
  });

  it.each(typesOf('blocked'))('of %s names the answer that goes on', (type) => {
    expect(failureHint(type)).toContain('`retry`');
  });

  it.each([
    ['HostKeyMismatch', 'if not, stop and investigate.'],
    ['LeaseHeld', 'only if it is certainly dead, start with `takeOver`.'],
    ['LinkNotReplaceable', '`paths.current: /opt/kafka-current/release`'],
    ['LeaseStale', 'Nothing to do.'],
    ['StopTimedOut', 'It is never killed'],
    ['MinIsrChanged', 'kafka-configs.sh --entity-type topics'],
    ['InvalidRequest', '{"cluster":"orders-prod","target":"3.8.1"}'],
    ['ReleaseMissing', '`paths.releases`'],
    ['ReleaseMissing', 'the release that the message names'],
    ['PlanHashMismatch', 'first bring back a node that is down'],
    ['DefinitionMissing', 'a node may be down'],
  ])('of %s says what matters: %s', (type, words) => {
    expect(failureHint(type)).toContain(words);
  });
});

describe('the hint of another cluster', () => {
  it.each<FailureType>(['OtherClusterLease', 'LeaseUnreadable'])('%s never offers takeOver', (type) => {
    expect(failureHint(type)).not.toMatch(/takeOver/);
  });
});

describe('a message with its hint', () => {
  const hint = failureHint('DiskFull');

  it('has it once, however often it is added, and gives it back', () => {
    const text = withHint('/data is full.', 'DiskFull');
    expect(text).toBe(`/data is full. ${hint}`);
    expect(withHint(text, 'DiskFull')).toBe(text);
    expect(splitHint(text, 'DiskFull')).toEqual({ message: '/data is full.', hint });
    expect(splitHint('/data is full.', 'DiskFull')).toEqual({ message: '/data is full.', hint });
  });
});

describe('an UpgradeError', () => {
  it('carries its type, its words and its evidence', () => {
    const error = new UpgradeError('SshUnreachable', 'no route to kafka-1', { host: 'kafka-1', port: 22 });
    expect(error).toBeInstanceOf(Error);
    const { name, type, message, evidence } = error;
    expect({ name, type, message, evidence }).toEqual({
      name: 'UpgradeError',
      type: 'SshUnreachable',
      message: 'no route to kafka-1',
      evidence: { host: 'kafka-1', port: 22 },
    });
  });

  it('has no evidence unless some is given', () => {
    expect(new UpgradeError('DiskFull', 'full').evidence).toEqual({});
  });

  it('says itself like any error does', () => {
    expect(String(new UpgradeError('DiskFull', '/data has 0 MiB free'))).toBe('UpgradeError: /data has 0 MiB free');
  });
});
