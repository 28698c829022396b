import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeLease, type LeaseVerdict } from '../../src/domain/cluster/lease';
import { exitCode } from '../../src/hosts/exit-code';
import { judgeLeaseScript, loadLeaseScript } from '../../src/hosts/lease-script';
import { shellAssignments } from '../../src/ssh/shell-quote';
import { leaseOf } from '../support/fake-kafka-host';
import { leaseCases, type LeaseCase } from '../support/lease-cases';
import { runShell } from '../support/local-shell';

let directory: string;
let file: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'lease script '));
  file = join(directory, 'lease');
});
afterAll(() => rmSync(directory, { recursive: true }));

const codes: Record<LeaseVerdict, number> = { accepted: 0, stale: exitCode.leaseStale, held: exitCode.leaseHeld };

const script = (row: Pick<LeaseCase, 'incoming' | 'takeOver'>): string =>
  [
    shellAssignments({
      file,
      in_epoch: row.incoming.epoch,
      in_step: row.incoming.step,
      in_attempt: row.incoming.attempt,
      in_clusterId: row.incoming.clusterId,
      in_owner: row.incoming.owner,
      in_runId: row.incoming.runId,
      take_over: row.takeOver ? 1 : 0,
    }),
    judgeLeaseScript,
    loadLeaseScript,
    'if [ -e "$file" ]; then load_lease "$file" || exit $?; judge_lease; fi',
  ].join('\n');

describe.each([
  ['sh', ['sh', '-s']],
  ['bash --posix', ['bash', '--posix', '-s']],
])('the lease rules in %s', (_name, shell) => {
  it.each(leaseCases)('I5: $what: $verdict, as in the pure rules', async (row) => {
    rmSync(file, { force: true });
    if (row.stored) writeFileSync(file, encodeLease(row.stored));
    expect(await runShell(script(row), shell)).toEqual({ exitCode: codes[row.verdict], stdout: '', stderr: '' });
  });

  it('reads names with every character that a line may hold', async () => {
    const owner = `a=b 'c' "d" $HOME \`x\` \\ ümlaut = `;
    writeFileSync(file, encodeLease(leaseOf({ owner })));
    const result = await runShell(
      `${script({ incoming: leaseOf({ owner }), takeOver: false })}\nprintf %s "$st_owner"`,
      shell,
    );
    expect(result).toEqual({ exitCode: 0, stdout: owner, stderr: '' });
  });

  it.each([
    ['a word for a number', encodeLease(leaseOf()).replace('step=1', 'step=x')],
    ['a number that is too large', encodeLease(leaseOf()).replace('step=1', 'step=1234567890123456')],
    ['half of it', encodeLease(leaseOf()).slice(0, 30)],
    ['nothing', ''],
  ])('refuses a lease file that holds %s', async (_what, text) => {
    writeFileSync(file, text);
    const result = await runShell(script({ incoming: leaseOf({ epoch: 9 }), takeOver: true }), shell);
    expect(result.exitCode).toBe(exitCode.leaseUnreadable);
  });
});
