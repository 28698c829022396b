import { kafkaArtifacts } from '../../../src/lab/provision/kafka-artifacts';
import { kafkaRelease } from '../../../src/lab/provision/kafka-release';
import { pomFor } from '../../../src/lab/provision/maven-pom';

const names = (version: string): string[] =>
  kafkaArtifacts(kafkaRelease(version)).map((artifact) => `${artifact.artifact}:${artifact.version}`);

describe('kafkaRelease', () => {
  it('knows what came and went with the releases', () => {
    expect(kafkaRelease('3.6.2')).toMatchObject({ hasZooKeeper: true, usesLog4j2: false, stopsByNode: false });
    expect(kafkaRelease('3.7.0')).toMatchObject({ hasZooKeeper: true, usesLog4j2: false, stopsByNode: true });
    expect(kafkaRelease('4.0.1')).toMatchObject({ hasZooKeeper: false, usesLog4j2: true, stopsByNode: true });
  });

  it('refuses what is no supported release', () => {
    expect(() => kafkaRelease('3.8')).toThrow('"3.8" is not a Kafka release; expected three numbers');
    expect(() => kafkaRelease('2.7.2')).toThrow('older than 2.8.0');
  });
});

describe('kafkaArtifacts', () => {
  it('is the server and its tools up to 3.9, which bring their logging along', () => {
    expect(names('3.9.2')).toEqual(['kafka_2.13:3.9.2', 'kafka-tools:3.9.2']);
  });

  it('adds log4j2 of the matching release from 4.0', () => {
    expect(names('4.1.1')).toEqual(expect.arrayContaining(['log4j-slf4j-impl:2.24.3', 'log4j-1.2-api:2.24.3']));
    expect(names('4.3.0')).toEqual(expect.arrayContaining(['log4j-slf4j-impl:2.25.4', 'log4j-1.2-api:2.25.4']));
  });
});

describe('pomFor', () => {
  it('leaves Kafka Connect out of the tools', () => {
    const pom = pomFor(kafkaArtifacts(kafkaRelease('4.0.1')));
    expect(pom).toContain('<artifactId>kafka-tools</artifactId><version>4.0.1</version>');
    expect(pom).toContain(
      '<exclusion><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId></exclusion>',
    );
  });
});
