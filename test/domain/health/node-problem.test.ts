import { gravestProblem } from '../../../src/domain/health/node-problem';
import type { NodeProblem } from '../../../src/domain/health/node-problem';

const release: NodeProblem = { type: 'WrongRelease', message: 'broker 1 runs 3.7.2, not 3.8.1' };
const protocol: NodeProblem = { type: 'WrongProtocol', message: 'broker 2 speaks protocol 3.7, not 3.8' };
const file: NodeProblem = { type: 'ConfigDrift', message: 'server.properties on b3 was changed by somebody else' };
const unmeasured: NodeProblem = { type: 'NodeUnhealthy', message: 'the version of broker 4 cannot be measured' };

describe('what a look at every node comes to', () => {
  it('is nothing where every node is as planned', () => {
    expect(gravestProblem([])).toBeNull();
  });

  it.each([[release], [protocol], [file], [unmeasured]])('is what it is for one: %j', (problem) => {
    expect(gravestProblem([problem])).toEqual({
      type: problem.type,
      message: `Not every node is as planned: ${problem.message}.`,
    });
  });

  it.each([
    [[unmeasured, file, protocol, release], 'WrongRelease'],
    [[file, protocol], 'WrongProtocol'],
    [[unmeasured, file], 'ConfigDrift'],
  ])('has the type of the gravest, and the words of all', (problems, type) => {
    const found = gravestProblem(problems);
    expect(found?.type).toBe(type);
    for (const { message } of problems) expect(found?.message).toContain(message);
  });
});
