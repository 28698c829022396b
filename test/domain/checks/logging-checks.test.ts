import type { ClusterSnapshot, ServiceLogging } from '../../../src/domain/checks/cluster-snapshot';
import { checkLogging } from '../../../src/domain/checks/logging-checks';
import { kraftSnapshot, withNode } from '../../support/snapshot';

const logging = (overrides: Partial<ServiceLogging> = {}, missing: Record<number, string[]> = {}): ClusterSnapshot =>
  Object.entries(missing).reduce(
    (given, [id, missingFiles]) => withNode(Number(id), { host: { missingFiles } }, given),
    kraftSnapshot({ logging: { known: true, log4j: null, log4j2: null, options: null, ...overrides } }),
  );

const check = (given: ClusterSnapshot, target = '4.3.0', sources = ['3.9.2', '3.9.2']) =>
  checkLogging(given, { target, sources });

const bothFiles = { log4j: '/etc/kafka/log4j.properties', log4j2: '/etc/kafka/log4j2.yaml' };
const oldOptions = '-Dlog4j.configuration=file:/etc/kafka/log4j.properties';
const source = 'KIP-653; bin/kafka-run-class.sh of 4.0';

describe('logging over the change to 4.x', () => {
  it.each<[string, Partial<ServiceLogging>]>([
    ["the release's own files", {}],
    ['a file for each generation', bothFiles],
    ['a file for Log4j 2 alone', { log4j2: '/etc/kafka/log4j2.yaml' }],
    ['options of Log4j 2', { options: '-Dlog4j2.configurationFile=file:/etc/kafka/log4j2.yaml' }],
    ['options of something else', { options: '-Dkafka.logs.dir=/var/log/kafka' }],
  ])('goes on with %s', (_what, overrides) => {
    expect(check(logging(overrides))).toEqual([]);
  });

  it('is not known where an operator has commands of their own', () => {
    expect(check(logging({ known: false }))).toEqual([
      {
        severity: 'warning',
        failure: null,
        seen: 'The service is started by commands of its own; which logging configuration it uses is not known here.',
        why: 'From 4.0 on -Dlog4j.configuration of Log4j 1 is only read through a bridge, and only from a file named log4j*.properties or *.xml.',
        action:
          'Look at KAFKA_LOG4J_OPTS of the service on every host; from 4.0 on it should be -Dlog4j2.configurationFile=file:....',
        source,
      },
    ]);
  });

  it('would be lost with options of Log4j 1', () => {
    expect(check(logging({ options: oldOptions }))).toEqual([
      {
        severity: 'warning',
        failure: null,
        seen: `service.environment sets KAFKA_LOG4J_OPTS=${oldOptions} for every release.`,
        why: 'That is Log4j 1: from 4.0 on it is only read through a bridge, and only from a file named log4j*.properties or *.xml; otherwise the broker logs nothing.',
        action: 'Use `service.logging` with a file for each generation instead.',
        source,
      },
    ]);
  });

  it("would be the release's own where only the old file is named", () => {
    expect(check(logging({ log4j: '/etc/kafka/log4j.properties' }))).toEqual([
      {
        severity: 'warning',
        failure: null,
        seen: 'service.logging has a file for Log4j 1 (/etc/kafka/log4j.properties) and none for Log4j 2.',
        why: "From 4.0 on the release's own config/log4j2.yaml is used: your levels, appenders and paths are gone.",
        action: 'Translate the file and name it as `service.logging.log4j2`.',
        source,
      },
    ]);
  });

  it('tells everything that is wrong', () => {
    const given = logging({ known: false, log4j: '/etc/l.properties', options: oldOptions });
    expect(check(given).map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning']);
  });

  it.each([
    ['3.9.2', ['3.7.2'], 0],
    ['4.0.2', ['3.9.2'], 1],
    ['4.3.0', ['4.0.2'], 0],
    ['4.3.0', ['4.0.2', '3.9.2'], 1],
    ['4.3.0', ['unknown'], 0],
    ['4.3.0', [], 0],
  ])('is warned of only where Log4j changes: to %s from %j', (target, sources, count) => {
    expect(check(logging({ log4j: '/etc/l.properties' }), target, sources)).toHaveLength(count);
  });
});

describe('a logging file that is missing on a host', () => {
  const missing = (...files: string[]) => logging(bothFiles, { 2: files });

  it('blocks, as the broker would log nothing', () => {
    expect(check(missing('/etc/kafka/log4j2.yaml'))).toEqual([
      {
        severity: 'blocker',
        failure: 'InvalidDefinition',
        seen: 'Host of node 2 (kafka-2): /etc/kafka/log4j2.yaml is not there or cannot be read.',
        why: 'The target is started with it (service.logging.log4j2); without it the broker logs nothing.',
        action: 'Put the file there on every host, or correct `service.logging` in the definition.',
        source,
      },
    ]);
  });

  it('is that of Log4j 1 for a target of 3.x', () => {
    expect(check(missing('/etc/kafka/log4j.properties'), '3.9.2', ['3.7.2'])).toEqual([
      expect.objectContaining({
        seen: 'Host of node 2 (kafka-2): /etc/kafka/log4j.properties is not there or cannot be read.',
        why: 'The target is started with it (service.logging.log4j); without it the broker logs nothing.',
      }),
    ]);
  });

  it.each([
    ['4.3.0', '/etc/kafka/log4j.properties'],
    ['3.9.2', '/etc/kafka/log4j2.yaml'],
    ['4.3.0', '/etc/kafka/other.yaml'],
  ])('does not matter where %s is not started with it: %s', (target, file) => {
    expect(check(missing(file), target, ['3.9.2'])).toEqual([]);
  });

  it('is told for each host', () => {
    const given = logging(bothFiles, { 1: ['/etc/kafka/log4j2.yaml'], 3: ['/etc/kafka/log4j2.yaml'] });
    expect(check(given, '4.3.0', ['4.2.1']).map(({ seen }) => seen)).toEqual([
      'Host of node 1 (kafka-1): /etc/kafka/log4j2.yaml is not there or cannot be read.',
      'Host of node 3 (kafka-3): /etc/kafka/log4j2.yaml is not there or cannot be read.',
    ]);
  });
});

describe('logging over the way back from 4.x', () => {
  const back = (changes: Partial<ServiceLogging>) => check(logging(changes), '3.9.2', ['4.0.2', 'odd']);

  it("would be the release's own where only the new file is named", () => {
    expect(back({ log4j2: '/etc/kafka/log4j2.yaml' })).toMatchObject([
      {
        severity: 'warning',
        seen: 'service.logging has a file for Log4j 2 (/etc/kafka/log4j2.yaml) and none for Log4j 1.',
        action: 'Name the file for Log4j 1 as `service.logging.log4j`.',
      },
    ]);
  });

  it.each<[string, Partial<ServiceLogging>]>([
    ["the release's own files", {}],
    ['a file for each generation', bothFiles],
    ['a file for Log4j 1 alone', { log4j: '/etc/kafka/log4j.properties' }],
  ])('is as it was with %s', (_what, changes) => {
    expect(back(changes)).toEqual([]);
  });
});
