import type { AlertSilenceDefinition } from '../../src/config/definition';
import { alertmanager } from '../../src/notify/alertmanager';
import { startAlertmanager } from '../support/real-alertmanager';
import type { RealAlertmanager, ShownSilence } from '../support/real-alertmanager';

const minute = 60_000;

describe('the silence of a real Alertmanager', () => {
  let server: RealAlertmanager;
  let definition: AlertSilenceDefinition;
  const owner = { cluster: 'orders', runId: 'run-1' };

  beforeAll(async () => {
    server = await startAlertmanager();
    const matchers = [{ name: 'cluster', value: 'orders', isRegex: false, isEqual: true }];
    definition = { alertmanager: server.url, matchers, basic: null, bearer: null };
  });

  afterAll(() => server.stop());

  const active = async (): Promise<ShownSilence[]> =>
    (await server.silences()).filter(({ status }) => status.state === 'active');

  it('I4: is made once, then made longer: the same one', async () => {
    const firstEnd = Date.now() + 15 * minute;
    expect(await alertmanager.ensure(definition, { ...owner, untilMs: firstEnd })).toMatch(/^silence \S+ made until/);
    const [made] = await active();
    expect(made).toMatchObject({ createdBy: 'kafka-upgrade', comment: 'Kafka upgrade of orders, run run-1' });

    const untilMs = firstEnd + 5 * minute;
    expect(await alertmanager.ensure(definition, { ...owner, untilMs })).toContain('made longer until');
    const all = await server.silences();
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ id: made?.id, startsAt: made?.startsAt });
    expect(Date.parse(all[0]?.endsAt ?? '')).toBe(untilMs);

    expect(await alertmanager.ensure(definition, { ...owner, untilMs: untilMs - minute })).toContain('lasts until');
    expect(await server.silences()).toEqual(all);
  });

  it("is left alone when it is another upgrade's or a person's", async () => {
    const other = { cluster: 'orders', runId: 'run-2' };
    await alertmanager.ensure(definition, { ...other, untilMs: Date.now() + 15 * minute });
    expect(await active()).toHaveLength(2);
    expect(await alertmanager.lift(definition, owner)).toMatch(/^silence \S+ ended$/);
    expect((await active()).map(({ comment }) => comment)).toEqual(['Kafka upgrade of orders, run run-2']);
  });

  it('is ended only once, and made anew afterwards', async () => {
    expect(await alertmanager.lift(definition, owner)).toBe('no silence was left');
    expect(await alertmanager.ensure(definition, { ...owner, untilMs: Date.now() + minute })).toContain(' made until');
  });

  it('replaces the one with other matchers, when the definition was changed', async () => {
    const changed = { ...definition, matchers: [{ name: 'team', value: 'a.*', isRegex: true, isEqual: true }] };
    await alertmanager.ensure(changed, { ...owner, untilMs: Date.now() + 15 * minute });
    expect((await active()).filter(({ comment }) => comment.includes('run-1'))).toHaveLength(1);
  });

  it('says what the Alertmanager refuses, or that it does not answer', async () => {
    const empty = { ...definition, matchers: [{ name: 'cluster', value: '.*', isRegex: true, isEqual: true }] };
    const wanted = { cluster: 'orders', runId: 'run-3', untilMs: Date.now() + minute };
    await expect(alertmanager.ensure(empty, wanted)).rejects.toThrow(`The Alertmanager at ${server.url}: answered 400`);
    // It listens on one address alone.
    const silent = server.url.replace('127.0.0.1', '127.0.0.7');
    const nobody = { ...definition, alertmanager: silent };
    await expect(alertmanager.ensure(nobody, wanted)).rejects.toMatchObject({
      type: 'AlertmanagerFailed',
      message: `The Alertmanager at ${silent}: connection refused: nothing listens there.`,
    });
  });
});
