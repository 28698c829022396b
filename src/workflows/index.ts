export { kafkaUpgrade } from './kafka-upgrade';
export { rollNode } from './roll-node';
