import fc from 'fast-check';
import { assessJava } from '../../../src/domain/checks/assess-java';
import type { Finding } from '../../../src/domain/checks/finding';
import { releaseLines } from '../../../src/domain/knowledge/releases';
import { requireVersion } from '../../../src/domain/cluster/version';

const assess = (target: string, ...javaVersions: (string | null)[]): Finding[] =>
  assessJava(
    javaVersions.map((javaVersion, index) => ({ node: `broker ${index + 1}`, javaVersion })),
    requireVersion(target, 'target'),
  );

const severityOf = (target: string, java: string | null): string => assess(target, java)[0]?.severity ?? 'nothing';

describe('the Java of a host', () => {
  it.each([
    ['2.8.2', '1.8.0_392', 'nothing'],
    ['2.8.2', '11.0.22', 'nothing'],
    ['2.8.2', '17.0.15', 'warning'],
    ['3.0.2', '17.0.15', 'warning'],
    ['3.1.2', '17.0.15', 'nothing'],
    ['3.9.2', '1.8.0_392', 'nothing'],
    ['3.9.2', '1.7.0_80', 'blocker'],
    ['3.9.2', '7', 'blocker'],
    ['3.9.2', '21.0.4', 'warning'],
    ['4.0.2', '11.0.22', 'blocker'],
    ['4.0.2', '1.8.0_392', 'blocker'],
    ['4.0.2', '16.0.1', 'blocker'],
    ['4.0.2', '17', 'nothing'],
    ['4.0.2', '23.0.1', 'nothing'],
    ['4.0.2', '24.0.1', 'warning'],
    ['4.2.1', '25', 'nothing'],
    ['4.2.1', '26-ea', 'warning'],
    ['4.2.1', null, 'warning'],
    ['4.2.1', 'openjdk', 'warning'],
    ['4.2.1', '', 'warning'],
  ])('for Kafka %s: %s is %s', (target, java, severity) => {
    expect(severityOf(target, java)).toBe(severity);
  });

  it('that is too old blocks, with what to install', () => {
    expect(assess('4.0.2', '17.0.15', '11.0.22')).toEqual([
      {
        severity: 'blocker',
        failure: 'UnsupportedUpgradePath',
        seen: 'The host of broker 2 has Java 11.',
        why: 'Kafka 4.0.2 needs Java 17 or later and documents 17, 21, 23. Kafka would not start.',
        action: 'Install Java 23 first.',
        source: 'docs of Kafka 4.0, Java version',
      },
    ]);
  });

  it('that is newer than the documentation is a warning', () => {
    expect(assess('3.8.1', '21.0.4')).toEqual([
      {
        severity: 'warning',
        failure: null,
        seen: 'The host of broker 1 has Java 21.',
        why: 'Kafka 3.8.1 needs Java 8 or later and documents 8, 11, 17. Newer Java is not tested with it.',
        action: 'Prefer Java 17 on this host.',
        source: 'docs of Kafka 3.8, Java version',
      },
    ]);
  });

  it('that is not told is to be looked at', () => {
    expect(assess('3.8.1', null)).toEqual([
      {
        severity: 'warning',
        failure: null,
        seen: 'The host of broker 1 does not tell its Java version.',
        why: 'Kafka 3.8.1 needs Java 8 or later and documents 8, 11, 17.',
        action: 'Check `java -version` as the user that runs Kafka.',
        source: 'docs of Kafka 3.8, Java version',
      },
    ]);
  });

  it('is not judged for a release line that is not known', () => {
    expect(assess('9.9.9', '1.7.0_80', null)).toEqual([]);
  });

  it('is judged for each host by itself', () => {
    expect(assess('4.0.2', '11', '17', null, '24').map(({ severity, seen }) => `${severity}: ${seen}`)).toEqual([
      'blocker: The host of broker 1 has Java 11.',
      'warning: The host of broker 3 does not tell its Java version.',
      'warning: The host of broker 4 has Java 24.',
    ]);
  });
});

describe('property: for every release line', () => {
  const anyLine = fc.constantFrom(...releaseLines);

  it('every documented Java is taken without a word, and written in the old way, too', () => {
    fc.assert(
      fc.property(anyLine, fc.nat(400), ({ line, java }, update) => {
        for (const feature of java.documented) {
          const versions = [`${feature}`, `${feature}.0.${update}`, `1.${feature}.0_${update}`];
          expect(assess(`${line}.0`, ...versions)).toEqual([]);
        }
      }),
    );
  });

  it('older Java blocks, and only that', () => {
    fc.assert(
      fc.property(anyLine, fc.integer({ min: 5, max: 30 }), ({ line, java }, feature) => {
        expect(severityOf(`${line}.0`, `${feature}.0.1`) === 'blocker').toBe(feature < java.minimum);
      }),
    );
  });
});
