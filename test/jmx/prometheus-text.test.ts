import { isMetricsText, parseMetrics } from '../../src/jmx/prometheus-text';

const parse = (text: string) => parseMetrics(text, () => true);

describe('parseMetrics', () => {
  it('reads names, labels and values; comments and empty lines are none', () => {
    const text = '# HELP a says {a="b"} 1\n# TYPE a gauge\na 3.0\n\nb{x="1",y="two"} 1.795523785604E12\n# EOF\n';
    expect(parse(text)).toEqual([
      { name: 'a', labels: {}, value: 3 },
      { name: 'b', labels: { x: '1', y: 'two' }, value: 1_795_523_785_604 },
    ]);
  });

  it('takes what the two releases of the exporter and OpenMetrics write differently', () => {
    const text = 'a{x="1",} 1.0\r\na{ x = "1" , y="2" } 2 1700000000000\na{} 3 # {trace="t"} 9\na\t4\n';
    expect(parse(text)).toEqual([
      { name: 'a', labels: { x: '1' }, value: 1 },
      { name: 'a', labels: { x: '1', y: '2' }, value: 2 },
      { name: 'a', labels: {}, value: 3 },
      { name: 'a', labels: {}, value: 4 },
    ]);
  });

  it('takes escapes, braces and commas in labels', () => {
    expect(parse(String.raw`a{x="\"}, \\n\n",y="ä"} 1`)).toEqual([
      { name: 'a', labels: { x: '"}, \\n\n', y: 'ä' }, value: 1 },
    ]);
  });

  it.each([
    ['NaN', NaN],
    ['+Inf', Infinity],
    ['-Inf', -Infinity],
    ['-1.0', -1],
    ['', NaN],
    ['many', NaN],
  ])('reads the value %s', (text, value) => {
    expect(parse(`a ${text}`)).toEqual([{ name: 'a', labels: {}, value }]);
  });

  it('skips what is not wanted, and lines that are cut', () => {
    expect(parseMetrics('a 1\nb 2\nb{x="1\nb{x 3\n', (name) => name === 'b')).toEqual([
      { name: 'b', labels: {}, value: 2 },
    ]);
  });
});

describe('isMetricsText', () => {
  it.each(['# HELP a b\n', 'a 1.0\n', 'a{b="c"} NaN\n', '# EOF\n'])('knows %j', (text) => {
    expect(isMetricsText(text)).toBe(true);
  });

  it.each(['', '<html>\n<body>hello</body>\n', '{"status": 404}', '404 page not found'])('refuses %j', (text) => {
    expect(isMetricsText(text)).toBe(false);
  });
});
