/**
 * Operators at work on the real lab, under live traffic: an upgrade that is started and ended again by the `temporal` CLI,
 * one that is by ours in a real terminal, and one that is started in the web UI, in a real browser, passes each of its gates
 * by another way, and is seen to complete there. The commands are those of docs/operations.md.
 */
import { defaultTaskQueue } from '../../src/client/upgrade-client';
import type { Stage } from '../../src/demo/stage';
import { checklist } from '../../src/domain/upgrade/checklist';
import { messageDescriptions, messageKinds } from '../../src/domain/people/message';
import { closeAll } from '../support/close-all';
import { runbookCommand } from '../support/runbook';
import { until } from '../support/until';
import type { MessageEvent } from '../support/upgrade-harness';
import { openBrowser } from './support/browser';
import type { OpenBrowser } from './support/browser';
import { lookIfAnswered } from './support/follow';
import { openOperatorShell } from './support/operator-shell';
import type { OperatorShell } from './support/operator-shell';
import { takePicture } from './support/pictures';
import { TerminalSession } from './support/terminal-session';
import { openTestStage, running } from './support/upgrade-leg';
import { WebUi } from './support/web-ui';

jest.setTimeout(10 * 60_000);

const from = '3.9.2';
const to = '4.0.2';
const workflowId = 'kafka-upgrade/lab';

/** A roll of three nodes, and the traffic of a busy machine (ms). */
const rollLimitMs = 4 * 60_000;
/** A message on a busy machine (ms). */
const answerLimitMs = 60_000;
/** Reading three brokers takes seconds; standing groups are watched for a few more (ms). */
const planLimitMs = 60_000;

describe('an operator', () => {
  let stage: Stage;
  let shell: OperatorShell;
  let terminal: TerminalSession;
  let browser: OpenBrowser;
  let ui: WebUi;

  beforeAll(async () => {
    stage = await openTestStage({ from, to, mode: 'kraft' });
    shell = await openOperatorShell(stage);
    terminal = await TerminalSession.open(shell.directory, shell.env);
    browser = await openBrowser();
    const { webUi, namespace } = stage.temporal;
    if (webUi === null) throw new Error('The lab has no web UI: unset TEMPORAL_ADDRESS, or set TEMPORAL_UI_ADDRESS.');
    ui = new WebUi(browser.page, { base: webUi, namespace });
  });

  afterAll(async () => {
    // Each only where it was opened: a start that failed half-way must not leave the rest behind.
    await closeAll(
      () => (browser as OpenBrowser | undefined)?.close(),
      () => (terminal as TerminalSession | undefined)?.close(),
      () => (shell as OperatorShell | undefined)?.close(),
      () => (stage as Stage | undefined)?.close(),
    );
  });

  /** The plan that the upgrade waits with, once it does. */
  const planHash = (): Promise<string> =>
    until(
      'the plan waits for its approval',
      async () => {
        const status = (await lookIfAnswered(stage.client))?.status;
        return status?.waitingFor?.gate === 'plan' ? status.plan : null;
      },
      planLimitMs,
    );

  const written = (...words: string[]): string =>
    runbookCommand(words, [
      ['orders-prod', stage.cluster],
      ['3.8.1', to],
    ]);

  const messages = async (): Promise<MessageEvent[]> =>
    (await stage.client.timeline()).filter((event): event is MessageEvent => event.type === 'message');

  it('starts, reads and refuses an upgrade with the temporal CLI alone', async () => {
    await shell.run(written('temporal workflow start'));
    const plan = await planHash();
    expect(await shell.run(written('temporal workflow metadata'))).toMatch(
      /Waiting for a person[^]*`approve` with `\{"gate":"plan","plan":"/,
    );
    expect(await shell.run(written('temporal workflow query', 'status'))).toContain(`"plan":"${plan}"`);
    expect(await shell.run(written('temporal workflow describe'))).toContain('UpgradeAttention');
    expect(await shell.run(written('temporal workflow list'))).toContain(workflowId);
    const answer = await shell.run(written('temporal workflow update execute', '--name reject'));
    expect(answer).toContain('accepted:true');
    expect(await shell.run(written('temporal workflow result'))).toContain('"outcome":"rejected"');
  });

  it('starts, watches and rejects an upgrade with our command line, in a terminal', async () => {
    const started = await terminal.command(written('kafka-upgrade start', '--ticket'));
    expect(started).toMatchObject({ exitCode: 0, screen: expect.stringContaining(`Started ${workflowId} to ${to}`) });
    await terminal.type(written('kafka-upgrade status', '--watch'));
    const screen = await terminal.until('WAITING FOR YOUR APPROVAL of gate "plan"', planLimitMs);
    expect(screen).toContain(`${stage.cluster}  ${from} → ${to}`);
    for (const { title } of checklist) expect(screen).toContain(title);
    await terminal.press('C-c');
    expect((await terminal.command(written('kafka-upgrade list', '--attention'))).screen).toContain(stage.cluster);
    const rejected = await terminal.command(written('kafka-upgrade reject'));
    expect(rejected).toMatchObject({ exitCode: 0, screen: expect.stringContaining('✔ the upgrade ends') });
    await until('it has ended', async () => (await lookIfAnswered(stage.client))?.ending, answerLimitMs);
  });

  it('starts an upgrade in the start form of the web UI', async () => {
    const input = JSON.stringify({ cluster: stage.cluster, target: to });
    await ui.start({ workflowId, taskQueue: defaultTaskQueue, type: 'kafkaUpgrade', input });
    expect(new URL(browser.page.url()).pathname).toContain(encodeURIComponent(workflowId));
  });

  it('reads on the details page where it stands, what it waits for, and what to send', async () => {
    const details = await ui.whenDetailsSay('Is this plan, with its findings, the upgrade you want now?');
    await takePicture(browser.page, 'operations-details');
    await details.getByRole('heading', { name: `Kafka upgrade of ${stage.cluster}: ${from} → ${to}` }).waitFor();
    for (const { title } of checklist) await details.getByText(title).waitFor();
    expect(await details.getByRole('table').first().getByRole('row').count()).toBe(1 + stage.lab.brokers.length);
    expect(JSON.parse(await ui.shownPayload('approve'))).toMatchObject({ gate: 'plan', plan: await planHash() });
  });

  it('finds by one filter of the list what waits for a person', async () => {
    const list = await ui.openListWhere('UpgradeAttention');
    // Two upgrades of before have ended; the heading is a row, too.
    await until('only the upgrade that waits is listed', async () => (await list.getByRole('row').count()) === 2);
    await list.getByRole('link', { name: workflowId, exact: true }).waitFor();
    await takePicture(browser.page, 'operations-list');
  });

  it('approves the plan in the signal dialog, with the input that the details page shows', async () => {
    await ui.openWorkflow(workflowId);
    const shown = await ui.shownPayload('approve');
    const payload = shown.replace('<name>', 'kim').replace('<how>', 'restore test of Monday');
    await ui.signal('approve', payload, 'operations-signal');
    const details = await ui.whenDetailsSay('disaster recovery: confirmed by kim: restore test of Monday');
    expect(await details.getByRole('listitem').filter({ hasText: '✔' }).count()).toBeGreaterThan(0);
  });

  it('is offered every message with its description', async () => {
    const offered = await ui.offeredSignals();
    expect(offered).toEqual(
      expect.arrayContaining(messageKinds.map((kind) => `${kind}: ${messageDescriptions[kind]}`)),
    );
  });

  it('pauses in the web UI, and passes the canary with the temporal CLI', async () => {
    await ui.whenDetailsSay('Is the first upgraded node as healthy as it should be?');
    await ui.signal('pause', null);
    await until('the message is recorded', async () => (await messages()).length === 2, answerLimitMs);
    await shell.run(written('temporal workflow signal', '"gate":"canary"'));
    await ui.whenDetailsSay('Paused by an operator; no other node is touched.');
    expect(await ui.shownPayload('resume')).toBe('{"pause":1}');
  });

  it('goes on in the web UI by the resume that the page shows', async () => {
    await ui.signal('resume', await ui.shownPayload('resume'));
    const lifted = async (): Promise<boolean> => (await messages()).at(-1)?.answer === 'the pause is lifted';
    await until('the pause is lifted', lifted, answerLimitMs);
  });

  it('watches the roll in a terminal, and approves there what cannot be undone', async () => {
    await terminal.type('clear');
    await terminal.type(written('kafka-upgrade status', '--watch'));
    const screen = await terminal.until('WAITING FOR YOUR APPROVAL of gate "protocol"', rollLimitMs);
    expect(screen.match(/✔ done in/g)).toHaveLength(stage.lab.brokers.length);
    await terminal.press('C-c');
    await terminal.type('clear');
    await terminal.type(written('kafka-upgrade approve', '--gate protocol'));
    expect(await terminal.until('Approve gate "protocol"? [y/N]')).toContain('IRREVERSIBLE');
    await terminal.type('y');
    await terminal.until('✔ gate "protocol" is passed');
    const waited = await terminal.command(written('kafka-upgrade status', '--wait'), rollLimitMs);
    expect(waited.exitCode).toBe(0);
  });

  it('sees in the web UI that it completed', async () => {
    await ui.openWorkflow(workflowId);
    await browser.page.getByText('Completed', { exact: true }).first().waitFor();
    await ui.whenDetailsSay(/completed/);
    await takePicture(browser.page, 'operations-completed');
    for (const node of await running(stage)) expect(node).toMatch(/^4\.0\.2 4\.0-IV/);
  });

  it('finds every message in the record, with who sent it', async () => {
    const received = (await messages()).map(({ kind, accepted }) => `${kind} ${accepted ? 'accepted' : 'refused'}`);
    expect(received).toEqual(['approve', 'pause', 'approve', 'resume', 'approve'].map((kind) => `${kind} accepted`));
    expect((await messages()).at(-1)?.by).toMatch(/@/);
  });

  it('loses no acknowledged record meanwhile', async () => {
    expect(await stage.traffic.finish()).toMatchObject({ lost: 0, duplicated: 0 });
  });
});
