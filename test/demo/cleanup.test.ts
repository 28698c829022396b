import { Cleanup } from '../../src/demo/cleanup';

describe('Cleanup', () => {
  it('stops the newest first, goes on after a failure, and stops nothing twice', async () => {
    const lines: string[] = [];
    const stopped: string[] = [];
    const cleanup = new Cleanup((line) => lines.push(line));
    for (const name of ['temporal', 'lab', 'traffic']) {
      cleanup.add(name, async () => {
        if (name === 'lab') throw new Error('busy');
        stopped.push(name);
      });
    }
    await Promise.all([cleanup.run(), cleanup.run()]);
    expect(stopped).toEqual(['traffic', 'temporal']);
    expect(lines).toContain('lab did not stop cleanly: busy');
  });
});
