export * from './activities';
export * from './failures';
export * from './ids';
export * from './money';
export * from './names';
export * from './paymentEvent';
export * from './reconcile';
export * from './statuses';
