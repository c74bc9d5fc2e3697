ALTER TABLE "orders" DROP CONSTRAINT "orders_payment_status_known";--> statement-breakpoint
ALTER TABLE "orders" DROP CONSTRAINT "orders_progress_only_when_paid";--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "payment_event_id" text;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "refund_id" text;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "refunded_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "refunded_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_refund_only_when_cancelled" CHECK ("orders"."payment_status" not in ('refunding', 'refunded') or "orders"."status" = 'CANCELLED');--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_refunded_has_time" CHECK (("orders"."payment_status" = 'refunded') = ("orders"."refunded_at" is not null));--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_refund_is_whole" CHECK ("orders"."refunded_minor" >= 0 and ("orders"."payment_status" = 'refunded' or ("orders"."refunded_minor" = 0 and "orders"."refund_id" is null)));--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_payment_status_known" CHECK ("orders"."payment_status" in ('none', 'pending', 'paid', 'failed', 'expired', 'cancelled', 'refunding', 'refunded'));--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_progress_only_when_paid" CHECK ("orders"."progress_remaining" = 10 or "orders"."status" in ('PAID', 'DISPATCHED') or "orders"."payment_status" in ('refunding', 'refunded'));