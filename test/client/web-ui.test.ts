import { webUiBase, workflowPage } from '../../src/client/web-ui';

describe('webUiBase', () => {
  it('takes what is configured, without a slash at the end', () => {
    expect(webUiBase('temporal.internal:7233', 'https://ui.internal/')).toBe('https://ui.internal');
  });

  it('knows the port of a development server on this machine', () => {
    expect(webUiBase('localhost:7233', undefined)).toBe('http://localhost:8233');
    expect(webUiBase('127.0.0.1:7500', '')).toBe('http://127.0.0.1:8500');
  });

  it("knows Temporal Cloud's", () => {
    expect(webUiBase('orders.acct.tmprl.cloud:7233', undefined)).toBe('https://cloud.temporal.io');
  });

  it('does not guess for other servers', () => {
    expect(webUiBase('temporal.internal:7233', undefined)).toBeNull();
  });
});

describe('workflowPage', () => {
  it('escapes the slash of our workflow ids', () => {
    expect(workflowPage('http://ui', 'default', 'kafka-upgrade/orders')).toBe(
      'http://ui/namespaces/default/workflows/kafka-upgrade%2Forders',
    );
  });
});
