import { releaseDirectory, releaseProblem } from '../../../src/domain/cluster/release';

const releases = '/opt/kafka_2.13-{version}';

describe('the place of a release', () => {
  it.each([
    [releases, '/opt/kafka_2.13-3.8.1'],
    ['/opt/{version}/kafka-{version}', '/opt/3.8.1/kafka-3.8.1'],
  ])('is %s with every {version} replaced', (pattern, directory) => {
    expect(releaseDirectory(pattern, '3.8.1')).toBe(directory);
  });

  it('has no problem when the release in it is the one of its name', () => {
    expect(releaseProblem({ directory: '/opt/kafka_2.13-3.8.1', version: '3.8.1' }, releases, '3.8.1')).toBeNull();
  });

  it.each([
    [null, '/opt/kafka_2.13-3.8.1 is not there'],
    [{ directory: '/opt/kafka_2.13-3.8.1', version: '3.8.0' }, '/opt/kafka_2.13-3.8.1 holds version 3.8.0'],
    [{ directory: '/opt/kafka_2.13-3.8.1', version: null }, '/opt/kafka_2.13-3.8.1 holds version unknown'],
  ])('with %j in it: %s', (release, words) => {
    expect(releaseProblem(release, releases, '3.8.1')).toBe(words);
  });
});
