import { provision } from '../../../src/lab/provision/provision';

const log = (): void => undefined;

describe('provision', () => {
  it('refuses unknown names before it fetches anything', async () => {
    await expect(provision(['kafka:3.7.2', 'zookeeper'], log)).rejects.toThrow('"zookeeper" cannot be provisioned');
  });

  it('tells how it is used when nothing is named', async () => {
    await expect(provision([], log)).rejects.toThrow('Example: tools kafka:3.7.2 temporal');
  });
});
