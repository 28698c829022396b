import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import type { ChannelDefinition } from '../../src/config/definition';
import { noticeOf } from '../../src/domain/notices/notice';
import type { Notice } from '../../src/domain/notices/notice';
import { reduce } from '../../src/domain/upgrade/upgrade-state';
import { HttpNoticeSender } from '../../src/notify/http-notice-sender';
import { NoticeReceiver } from '../support/notice-receiver';
import { useTemporaryDirectory } from '../support/temporary-directory';
import { planMade, samplePlan, startedAtMs, stateAfter } from '../support/upgrade-fixture';

const secretPath = '/services/T0/B0/s3cr3tpart';

const atGate = (): Notice => {
  const before = stateAfter(planMade(samplePlan()));
  const event = { type: 'gate-opened' as const, gate: 'plan' as const, atMs: startedAtMs + 2_000 };
  const notice = noticeOf({ before, event, after: reduce(before, event) }, 'run-1/7');
  if (notice === null) throw new Error('a gate is news');
  return notice;
};

describe('notices to a real HTTP receiver', () => {
  const directory = useTemporaryDirectory();
  let receiver: NoticeReceiver;
  let urlFile: string;
  const sender = new HttpNoticeSender({
    workflowPage: (id) => `http://ui/workflows/${encodeURIComponent(id)}`,
    timeLimitMs: 500,
  });

  beforeEach(async () => {
    receiver = await new NoticeReceiver().start();
    urlFile = join(directory(), 'url');
    writeFileSync(urlFile, `${receiver.url}${secretPath}\n`);
  });

  afterEach(() => receiver.stop());

  const channel = (overrides: Partial<ChannelDefinition> = {}): ChannelDefinition => ({
    name: 'ops',
    on: ['waiting'],
    type: 'webhook',
    url: { file: urlFile },
    title: null,
    text: null,
    headers: [],
    ...overrides,
  });

  const failure = async (answer: (response: ServerResponse) => void): Promise<{ type: string; message: string }> => {
    receiver.answer = answer;
    const error: unknown = await sender.send(channel(), atGate()).then(
      () => new Error('it was taken'),
      (thrown: unknown) => thrown,
    );
    const { type, message } = error as { type: string; message: string };
    expect(message).not.toContain('s3cr3t');
    expect(message).not.toContain('/services');
    return { type, message };
  };

  it('carry the facts, the words and the answer as JSON, with their key in a header', async () => {
    await sender.send(channel({ headers: [{ name: 'X-Token', value: { value: 'abc' } }] }), atGate());
    const [request] = receiver.received;
    expect(request).toMatchObject({ path: secretPath });
    expect(request?.headers).toMatchObject({
      'idempotency-key': 'run-1/7',
      'x-token': 'abc',
      'content-type': 'application/json',
    });
    expect(request?.body).toMatchObject({
      version: 1,
      id: 'run-1/7',
      kind: 'waiting',
      cluster: 'orders-prod',
      from: '3.7.2',
      to: '3.8.1',
      wait: { name: 'gate plan', waitedSeconds: 0 },
      link: 'http://ui/workflows/kafka-upgrade%2Forders-prod',
    });
    const { answers } = request?.body['wait'] as { answers: { signal: string; input: unknown }[] };
    expect(answers[0]).toMatchObject({ signal: 'approve', input: { gate: 'plan', plan: '1a2b3c4d' } });
  });

  it('are blocks and text for Slack, by the templates of the channel', async () => {
    const title = '{cluster}: {wait} <!>';
    await sender.send(channel({ type: 'slack', title, text: '{signal} {answer}' }), atGate());
    const body = receiver.received[0]?.body as { text: string; blocks: { type: string; text: { text: string } }[] };
    expect(body.text).toMatch(/^orders-prod: gate plan &lt;!&gt;\napprove \{"gate":"plan"/);
    expect(body.blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section']);
    expect(body.blocks[0]?.text.text).toBe('orders-prod: gate plan <!>');
  });

  it('may be tried again after 500, 429, a cut connection and no answer in time', async () => {
    for (const status of [500, 503, 429]) {
      expect(await failure((response) => response.writeHead(status).end('busy now'))).toEqual({
        type: 'NotificationFailed',
        message: `Channel "ops": ${new URL(receiver.url).host} answered ${status} (busy now).`,
      });
    }
    const cut = await failure((response) => response.socket?.destroy());
    expect(cut).toMatchObject({ type: 'NotificationFailed', message: expect.stringContaining('was cut') });
    const late = await failure(() => undefined);
    expect(late).toMatchObject({ type: 'NotificationFailed', message: expect.stringContaining('within 0.5 s') });
  });

  it('are refused for good by 404 and by a redirect, which is not followed', async () => {
    const gone = await failure((response) => response.writeHead(404).end(`Cannot POST ${secretPath}`));
    expect(gone).toMatchObject({ type: 'NotificationRefused', message: expect.stringMatching(/answered 404\.$/) });
    const before = receiver.received.length;
    const moved = await failure((response) => response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end());
    expect(moved.message).toContain('answered 302; redirects are not followed');
    expect(receiver.received).toHaveLength(before + 1);
  });

  it('are taken as soon as the receiver says so, however slow its words come', async () => {
    receiver.answer = (response) => {
      response.writeHead(200);
      response.write('o');
    };
    await expect(sender.send(channel(), atGate())).resolves.toBeUndefined();
    receiver.answer = (response) => {
      response.writeHead(500);
      response.write('b');
    };
    await expect(sender.send(channel(), atGate())).rejects.toThrow('answered 500.');
  });

  it('name what is missing on the worker, never what it holds', async () => {
    const unset = channel({ url: { environment: 'KAFKA_UPGRADE_NO_SUCH' } });
    await expect(sender.send(unset, atGate())).rejects.toMatchObject({
      type: 'NotificationFailed',
      message: 'Channel "ops": the environment variable KAFKA_UPGRADE_NO_SUCH of the worker is not set.',
    });
    const absent = channel({ url: { file: '/nowhere/url' } });
    await expect(sender.send(absent, atGate())).rejects.toThrow('/nowhere/url of the worker cannot be read (ENOENT)');
    writeFileSync(urlFile, 'hooks.example.org/s3cr3t');
    await expect(sender.send(channel(), atGate())).rejects.toThrow('is no http:// or https:// address');
  });
});
