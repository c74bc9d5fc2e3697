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
export type {
  CheckoutBody,
  OrderBody,
  PaymentPageBody,
  ProblemBody,
  ProductBody,
  SettingsBody,
  StockLevelBody,
} from './openapi/schemas';
