export { type BridgeOptions, bridgeMessages } from './bridge-messages.ts';
