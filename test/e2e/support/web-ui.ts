/** The web UI of Temporal as a person uses it: found by what stands on it, never by its styles. */
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { workflowPage } from '../../../src/client/web-ui';
import { until } from '../../support/until';
import { takePicture } from './pictures';

/** A step of an upgrade on a busy machine (ms). */
const stepLimitMs = 4 * 60_000;

/** What is typed into the start form. */
export interface StartForm {
  workflowId: string;
  taskQueue: string;
  type: string;
  input: string;
}

/**
 * The editor for JSON puts its text into order when it is left, and the button below it moves: whoever clicks the button
 * right away misses it. A person clicks again; we leave the editor first.
 */
const typeJson = async (within: Locator, json: string): Promise<void> => {
  const editor = within.getByRole('textbox').last();
  await editor.fill(json);
  await editor.blur();
};

export class WebUi {
  constructor(
    readonly page: Page,
    private readonly at: { base: string; namespace: string },
  ) {}

  /** Fills in the start form, sends it, and follows the link of the answer. */
  async start({ workflowId, taskQueue, type, input }: StartForm): Promise<void> {
    await this.page.goto(`${this.at.base}/namespaces/${this.at.namespace}/workflows`);
    await this.page.getByRole('button', { name: 'Start Workflow' }).click();
    await this.page.getByLabel('Workflow ID').fill(workflowId);
    await this.page.getByLabel('Task Queue').fill(taskQueue);
    await this.page.getByLabel('Workflow Type').fill(type);
    await this.page.getByText('Task Queue is Active').waitFor();
    await typeJson(this.page.getByRole('main'), input);
    await takePicture(this.page, 'operations-start');
    await this.page.getByRole('button', { name: 'Start Workflow' }).click();
    await this.page.getByRole('link', { name: 'Workflow started successfully' }).click();
    await this.page.getByRole('heading', { name: workflowId }).waitFor();
  }

  async openWorkflow(workflowId: string): Promise<void> {
    await this.page.goto(workflowPage(this.at.base, this.at.namespace, workflowId));
    await this.page.getByRole('heading', { name: workflowId }).waitFor();
  }

  async openDetails(): Promise<FrameLocator> {
    await this.page.getByRole('tab', { name: 'User Metadata' }).click();
    await this.page.getByRole('heading', { name: 'Current Details' }).waitFor();
    return this.page.frameLocator('iframe');
  }

  /** Waits until the details page says this, refreshing it by the key that the page names. */
  async whenDetailsSay(text: string | RegExp): Promise<FrameLocator> {
    const details = await this.openDetails();
    const found = details.getByText(text).first();
    await until(
      `the details page says ${String(text)}`,
      async () => (await found.isVisible()) || (await this.refresh()),
      stepLimitMs,
    );
    return details;
  }

  /** The input for a signal as the details page shows it, ready to paste. */
  async shownPayload(signal: string): Promise<string> {
    const details = await this.openDetails();
    const line = details.getByRole('listitem').filter({ hasText: new RegExp(`^${signal} with`) });
    return line.locator('code').last().innerText();
  }

  /** What the signal dialog offers, each with its description; closes it again. */
  async offeredSignals(): Promise<string[]> {
    const dialog = await this.openSignalDialog();
    const options = await dialog.getByRole('option').allInnerTexts();
    await takePicture(this.page, 'operations-signals');
    await dialog.getByRole('button', { name: 'Cancel' }).first().click();
    await dialog.waitFor({ state: 'hidden' });
    return options.map((text) => text.replace(/\s*\n\s*/g, ': ').trim());
  }

  /** Sends a signal by the dialog; `input` null leaves the input empty. */
  async signal(name: string, input: string | null, picture?: string): Promise<void> {
    const dialog = await this.openSignalDialog();
    await dialog
      .getByRole('option')
      .filter({ has: this.page.getByText(name, { exact: true }) })
      .click();
    if (input !== null) await typeJson(dialog, input);
    if (picture !== undefined) await takePicture(this.page, picture);
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await this.page.getByText('Workflow signaled.').first().waitFor();
  }

  /** The workflow ids that the list shows for a filter on one Bool attribute. */
  async openListWhere(attribute: string): Promise<Locator> {
    await this.page.goto(`${this.at.base}/namespaces/${this.at.namespace}/workflows`);
    await this.page.getByRole('button', { name: 'Add Filter' }).click();
    await this.page.getByRole('menuitem', { name: attribute }).click();
    const filter = this.page.getByRole('menu', { name: `Filter by ${attribute}` });
    await filter.getByRole('button', { name: 'True' }).click();
    await filter.getByRole('button', { name: 'Apply' }).click();
    await this.page.getByRole('button', { name: new RegExp(`^${attribute}.*true`, 'i') }).waitFor();
    return this.page.getByRole('table', { name: 'Workflows' });
  }

  private async openSignalDialog(): Promise<Locator> {
    await this.page.getByRole('button', { name: 'More Actions' }).click();
    await this.page.getByRole('menuitem', { name: 'Send a Signal' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Send a Signal' });
    await dialog.getByTestId('signal-select-button').click();
    await dialog.getByRole('option').first().waitFor();
    return dialog;
  }

  /** Resolves to false: there is nothing more to be seen yet. */
  private async refresh(): Promise<false> {
    const answered = this.page.waitForResponse((response) => response.url().includes('__temporal_workflow_metadata'));
    await this.page.keyboard.press('r');
    await answered;
    return false;
  }
}
