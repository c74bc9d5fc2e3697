export * from './comparisons';
export * from './orderEvents';
export * from './orderItems';
export * from './orders';
export * from './paymentReferences';
export * from './products';
export * from './refunds';
export * from './stockMovements';
