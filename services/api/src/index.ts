/** The types that clients of the api import. */
export type { AppType } from './app';
export type {
  AnomaliesBody,
  AnomalyBody,
  AttentionItemBody,
  BuyerBody,
  DisputeBody,
  OperatorBody,
  OpsOrderBody,
  OrderCountsBody,
  OrderReportBody,
  OrderRunBody,
  TimelineEntryBody,
} from './openapi/opsSchemas';
export type { CheckoutBody, OrderBody, PaymentPageBody } from './openapi/orderSchemas';
export type { ProductBody, StockLevelBody } from './openapi/productSchemas';
export type { ProblemBody, SettingsBody } from './openapi/schemas';
