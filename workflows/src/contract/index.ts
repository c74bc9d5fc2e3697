export * from './activities';
export * from './failures';
export * from './ids';
export * from './money';
export * from './names';
export * from './reconcile';
export * from './statuses';
export * from './wire';
