import type { ClusterDefinition, NodeDefinition } from '../config/definition';
import type { HostSession } from '../ssh/host-session';
import type { GaugeReader } from './gauge-reader';
import { HttpGaugeReader } from './http-gauge-reader';
import { JmxToolGaugeReader } from './jmxtool-stream';
import { jolokiaAgent } from './jolokia-agent';
import { PrometheusAgent } from './prometheus-agent';

/** The reader of the source that the definition names; `session` is for JmxTool, which runs on the hosts. */
export const createGaugeReader = (
  definition: ClusterDefinition,
  session: (node: NodeDefinition) => HostSession,
): GaugeReader => {
  const { gauges } = definition;
  switch (gauges.source) {
    case 'jmxtool':
      return new JmxToolGaugeReader(definition, session);
    case 'jolokia':
      return new HttpGaugeReader(definition, gauges.urls, jolokiaAgent);
    case 'prometheus':
      return new HttpGaugeReader(definition, gauges.urls, new PrometheusAgent(gauges.metrics));
  }
};
